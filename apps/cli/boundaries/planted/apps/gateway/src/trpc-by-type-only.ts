import { trpc } from '../../../packages/trpc/src/index.ts'

export const climbed = trpc

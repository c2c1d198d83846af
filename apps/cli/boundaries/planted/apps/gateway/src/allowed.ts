import type { trpc } from '../../../packages/trpc/src/index.ts'

export type Allowed = typeof trpc

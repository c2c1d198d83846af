import { one } from './no-circle.ts'

export const other = one

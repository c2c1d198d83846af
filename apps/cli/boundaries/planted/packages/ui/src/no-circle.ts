import { other } from './no-circle-other.ts'

export const one = other

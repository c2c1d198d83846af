import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the clone this program belongs to. */
export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')

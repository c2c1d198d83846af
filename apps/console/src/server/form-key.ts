import 'server-only'
import { randomBytes } from 'node:crypto'

/** An idempotency key minted when a form is drawn: sending the same form twice is one effect. */
export function mintFormKey(): string {
  return randomBytes(16).toString('hex')
}

import { outageIn } from '@modelyard/db'
import { isRefusal, Refusal } from '@modelyard/domain'

const RETRY_AFTER_MS = 1_000

/**
 * What a caller is told of anything thrown: a refusal as it is, a database that is away or storage that is full as such,
 * with the cause for the log. Null for a fault of ours, of which nobody is told anything.
 */
export function refusalFor(error: unknown): Refusal | null {
  if (isRefusal(error)) return error
  switch (outageIn(error)) {
    case 'away':
      return new Refusal('unavailable', 'the database or the storage does not answer at the moment', {
        details: { retryAfterMs: RETRY_AFTER_MS },
        cause: error,
      })
    case 'full':
      return new Refusal('storage_full', 'there is no room left to store this', { cause: error })
    case null:
      return null
  }
}

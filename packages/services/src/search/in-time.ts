import { pgFault } from '@modelyard/db'
import { refuse } from '@modelyard/domain'

/** SQLSTATE of a statement that ran into the time it is given. */
const GIVEN_UP = '57014'

/**
 * What a search finds, counts or groups. That it took too long is said as the caller's fault, because clients send what
 * was ours again for minutes, and it would take as long again.
 * @throws Refusal `invalid` naming `filter`
 */
export async function inTime<T>(found: Promise<T>): Promise<T> {
  try {
    return await found
  } catch (error) {
    if (pgFault(error)?.code !== GIVEN_UP) throw error
    return refuse('invalid', 'this search takes too long: name fewer experiments or fewer LIKE', { field: 'filter' })
  }
}

import { get } from 'node:http'

/**
 * Asks once. Anything below 500 means that the process answers: a redirect to the login page does, a 503 of a process
 * that is not ready yet does not.
 */
export function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: 5_000, agent: false }, (response) => {
      response.resume()
      resolve((response.statusCode ?? 500) < 500)
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(false))
  })
}

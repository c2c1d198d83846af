/**
 * Whether a state-changing request comes from the console's own pages. Browsers tell it in `Sec-Fetch-Site` and
 * `Origin`; a request with neither is no browser's and has no business with a session cookie.
 */
export function isSameOrigin(headers: Headers, consoleUrl: string): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin'
  return headers.get('origin') === new URL(consoleUrl).origin
}

import type { ConsoleRouter } from '@modelyard/trpc'
import { createTRPCClient, httpLink } from '@trpc/client'

/** The console's procedures as somebody's browser calls them: with a session, from the console's own page. */
export async function signIn(consoleUrl: string, who: { email: string; password: string }) {
  const answer = await fetch(`${consoleUrl}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: consoleUrl },
    body: JSON.stringify(who),
  })
  if (!answer.ok) throw new Error(`${who.email} could not sign in: ${answer.status} ${await answer.text()}`)
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const headers = { cookie, origin: consoleUrl }
  return createTRPCClient<ConsoleRouter>({ links: [httpLink({ url: `${consoleUrl}/api/trpc`, headers })] })
}
export type Person = Awaited<ReturnType<typeof signIn>>

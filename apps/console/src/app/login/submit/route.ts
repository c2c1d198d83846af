import { nextOf, readForm, seeOther } from '../../../server/forms.ts'
import { wire } from '../../../wire.ts'

/** Signs in from a plain form, so that the way to a rollback needs no script. Its limit of tries is the library's. */
export async function POST(request: Request): Promise<Response> {
  const read = await readForm(request)
  if ('refused' in read) return read.refused
  const next = nextOf(read.form)
  const { auth, env } = wire()
  const headers = new Headers({ 'content-type': 'application/json', origin: new URL(env.MODELYARD_CONSOLE_URL).origin })
  for (const name of ['x-forwarded-for', 'user-agent']) {
    const value = request.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  const answer = await auth.handler(
    new Request(new URL('/api/auth/sign-in/email', env.MODELYARD_CONSOLE_URL), {
      method: 'POST',
      headers,
      body: JSON.stringify({ email: read.form.get('email') ?? '', password: read.form.get('password') ?? '' }),
    }),
  )
  if (answer.ok) return seeOther(next, answer.headers.getSetCookie())
  const reason = answer.status === 429 ? 'often' : answer.status >= 500 ? 'fault' : 'wrong'
  return seeOther(`/login?error=${reason}&next=${encodeURIComponent(next)}`)
}

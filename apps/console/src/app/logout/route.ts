import { readForm, seeOther } from '../../server/forms.ts'
import { wire } from '../../wire.ts'

/** Ends the session and forgets its cookie. */
export async function POST(request: Request): Promise<Response> {
  const read = await readForm(request)
  if ('refused' in read) return read.refused
  const { auth, env } = wire()
  const headers = new Headers({
    cookie: request.headers.get('cookie') ?? '',
    origin: new URL(env.MODELYARD_CONSOLE_URL).origin,
  })
  const answer = await auth.handler(
    new Request(new URL('/api/auth/sign-out', env.MODELYARD_CONSOLE_URL), { method: 'POST', headers }),
  )
  return seeOther('/login', answer.headers.getSetCookie())
}

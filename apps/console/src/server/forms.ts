import 'server-only'
import { safeNext } from '../links.ts'
import { wire } from '../wire.ts'
import { isSameOrigin } from './origin.ts'

/** Forms of this console are small; anything larger is not ours. */
const MAX_FORM = 16_384

/** Answers a form by going to a page; 303 makes the browser ask for it with GET. */
export function seeOther(path: string, cookies: string[] = []): Response {
  const headers = new Headers({ location: path, 'cache-control': 'no-store' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}

/** The fields of a form sent by one of our own pages; an answer in words when it is not. */
export async function readForm(request: Request): Promise<{ form: URLSearchParams } | { refused: Response }> {
  if (!isSameOrigin(request.headers, wire().env.MODELYARD_CONSOLE_URL)) {
    return { refused: new Response('This form was not sent from the console.', { status: 403 }) }
  }
  if (!request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')) {
    return { refused: new Response('This takes a form.', { status: 415 }) }
  }
  const body = await request.text()
  if (body.length > MAX_FORM) return { refused: new Response('The form is too large.', { status: 413 }) }
  return { form: new URLSearchParams(body) }
}

export function nextOf(form: URLSearchParams): string {
  return safeNext(form.get('next'))
}

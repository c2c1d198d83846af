import { Readable } from 'node:stream'
import { isRefusal } from '@modelyard/domain'
import { type Ctx, openArtifact } from '@modelyard/services'
import { callFor, wire } from '../../../../../wire.ts'

type Props = { params: Promise<{ project: string; run: string }> }

/** What a page may draw from here, by ending, and up to which size; everything else is only ever saved to disk. */
const SHOWN: Readonly<Record<string, { type: string; maxBytes: number }>> = {
  png: { type: 'image/png', maxBytes: 20_000_000 },
  jpg: { type: 'image/jpeg', maxBytes: 20_000_000 },
  jpeg: { type: 'image/jpeg', maxBytes: 20_000_000 },
  gif: { type: 'image/gif', maxBytes: 20_000_000 },
  webp: { type: 'image/webp', maxBytes: 20_000_000 },
  html: { type: 'text/html; charset=utf-8', maxBytes: 5_000_000 },
  htm: { type: 'text/html; charset=utf-8', maxBytes: 5_000_000 },
}

/**
 * Whatever the bytes are, nothing of them runs: no script, no form, no request to anywhere, and no origin of ours even
 * when the address is opened by itself.
 */
const POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"

/** A file of a run, for its page and for saving. */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  const { ctx } = await callFor(request.headers)
  if (ctx === null) return answer(401, 'Sign in first.')
  const { project, run } = await params
  const search = new URL(request.url).searchParams
  const asked = { project, run, path: search.get('path') ?? '', isSaved: search.has('download') }
  try {
    return await fileOf(ctx, asked)
  } catch (error) {
    if (isRefusal(error)) return answer(error.code === 'invalid' ? 400 : 404, 'There is no such file.')
    wire().log.error({ err: error, project, run }, 'a file of a run could not be read')
    return answer(500, 'The file could not be read.')
  }
}

type Asked = { project: string; run: string; path: string; isSaved: boolean }

async function fileOf(ctx: Ctx, { project, run, path, isSaved }: Asked): Promise<Response> {
  const file = await openArtifact(ctx, { project, owner: { kind: 'run', id: run }, path })
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  const shown = Object.hasOwn(SHOWN, ending) && !isSaved ? SHOWN[ending] : undefined
  if (shown !== undefined && file.sizeBytes > shown.maxBytes) return answer(413, 'Too large to be shown; download it.')
  return new Response(Readable.toWeb(await file.read()) as ReadableStream, {
    headers: {
      ...guarded,
      'content-type': shown?.type ?? 'application/octet-stream',
      'content-length': String(file.sizeBytes),
      'content-disposition': shown === undefined ? attachment(path) : 'inline',
    },
  })
}

const guarded = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-store',
}

const answer = (status: number, text: string) =>
  new Response(text, { status, headers: { ...guarded, 'content-type': 'text/plain; charset=utf-8' } })

/** The name after the last slash, in the two forms of RFC 6266. */
function attachment(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const plain = name.replaceAll(/[^\w.-]/g, '_')
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16)}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`
}

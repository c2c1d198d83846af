import { Readable } from 'node:stream'
import { isRefusal } from '@modelyard/domain'
import { openArtifact } from '@modelyard/services'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import { requireApi } from '../../../../../../../../server/api.ts'
import { getVersion } from '../../../../../../../../server/model.ts'
import { callFor } from '../../../../../../../../wire.ts'

type Props = { params: Promise<{ project: string; model: string; version: string }> }

/** One file of a version, streamed as it lies in the store and never for the browser to show: it may be anything. */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  const { project, model, version } = await params
  await requireApi()
  const { id } = await getVersion(project, model, version)
  const { ctx } = await callFor(await headers())
  const path = new URL(request.url).searchParams.get('path') ?? ''
  if (ctx === null) notFound()
  try {
    const file = await openArtifact(ctx, { project, owner: { kind: 'model_version', id }, path })
    return new Response(Readable.toWeb(await file.read()) as ReadableStream<Uint8Array>, {
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(file.sizeBytes),
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.path.split('/').at(-1) ?? 'file')}`,
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
      },
    })
  } catch (fault) {
    if (isRefusal(fault)) notFound()
    throw fault
  }
}

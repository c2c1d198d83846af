import { orNotFound, requireApi } from '../../../../../../../../server/api.ts'
import { getVersion } from '../../../../../../../../server/model.ts'

type Props = { params: Promise<{ project: string; model: string; version: string }> }

/** The card as a file. The name was made of letters, digits, dots and dashes where it was given. */
export async function GET(request: Request, { params }: Props): Promise<Response> {
  const { project, model, version } = await params
  const api = await requireApi()
  const { id: modelVersionId } = await getVersion(project, model, version)
  const format = new URL(request.url).searchParams.get('format') === 'json' ? 'json' : 'markdown'
  const { fileName, mediaType, text } = await orNotFound(api.modelCard.export({ project, modelVersionId, format }))
  return new Response(text, {
    headers: {
      'content-type': mediaType,
      'content-disposition': `attachment; filename="${fileName}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}

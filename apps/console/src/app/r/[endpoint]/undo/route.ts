import { links } from '../../../../links.ts'
import { actOnForm } from '../../../../server/post.ts'

type Props = { params: Promise<{ endpoint: string }> }

/** Takes a rollback back while nothing else has changed. */
export async function POST(request: Request, { params }: Props): Promise<Response> {
  const { endpoint: endpointId } = await params
  return actOnForm(request, {
    page: links.rollback(encodeURIComponent(endpointId)),
    act: async (api, form) => {
      const { generation } = await api.endpoints.undoRollBack({
        project: form.get('project') ?? '',
        endpointId,
        generation: Number(form.get('generation')),
        idempotencyKey: form.get('key') ?? '',
      })
      return `/r/${endpointId}?done=${generation}&undone=1`
    },
  })
}

import { links } from '../../../../links.ts'
import { actOnForm } from '../../../../server/post.ts'

type Props = { params: Promise<{ endpoint: string }> }

/** Rolls back; the procedure checks the role, the key makes a double tap one rollback. */
export async function POST(request: Request, { params }: Props): Promise<Response> {
  const { endpoint: endpointId } = await params
  return actOnForm(request, {
    page: links.rollback(encodeURIComponent(endpointId)),
    act: async (api, form) => {
      const alertId = form.get('alert') ?? undefined
      const { generation } = await api.endpoints.rollBack({
        project: form.get('project') ?? '',
        endpointId,
        toVariantId: form.get('to') ?? undefined,
        reason: form.get('reason') ?? '',
        alertId,
        idempotencyKey: form.get('key') ?? '',
      })
      const query = new URLSearchParams({
        done: String(generation),
        ...(alertId === undefined ? {} : { alert: alertId }),
      })
      return `/r/${endpointId}?${query}`
    },
  })
}

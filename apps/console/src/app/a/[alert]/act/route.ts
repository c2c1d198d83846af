import { ActOnAlert } from '@modelyard/contracts'
import { links } from '../../../../links.ts'
import { actOnForm } from '../../../../server/post.ts'

type Props = { params: Promise<{ alert: string }> }

/** Acknowledges or resolves. */
export async function POST(request: Request, { params }: Props): Promise<Response> {
  const { alert: alertId } = await params
  const page = links.alert(encodeURIComponent(alertId))
  return actOnForm(request, {
    page,
    act: async (api, form) => {
      const action = ActOnAlert.shape.action.parse(form.get('action'))
      await api.alerts.act({
        project: form.get('project') ?? '',
        alertId,
        action,
        note: form.get('note') ?? '',
        idempotencyKey: form.get('key') ?? '',
      })
      return page
    },
  })
}

import type { Alert, Role } from '@modelyard/contracts'
import { can } from '@modelyard/domain'
import { buttonClass } from '@modelyard/ui/button'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { mintFormKey } from '../../server/form-key.ts'

/** The way back first; then owning it, then closing it. Plain forms. */
export function AlertActions({ alert, role }: { alert: Alert; role: Role }) {
  const t = useTranslations('alertPage')
  const may = can(role, 'alert.act')
  return (
    <div className="flex flex-col gap-2">
      {alert.endpointId !== null && alert.state !== 'resolved' && (
        <a href={links.rollback(alert.endpointId, alert.id)} className={buttonClass({ variant: 'danger', size: 'xl' })}>
          <span className="font-semibold text-lg">{t('rollBack', { endpoint: alert.endpoint ?? '' })}</span>
        </a>
      )}
      {alert.state === 'firing' && <Act alert={alert} action="ack" may={may} label={t('ack')} />}
      {alert.state !== 'resolved' && <Act alert={alert} action="resolve" may={may} label={t('resolve')} />}
      {!may && alert.state !== 'resolved' && <p className="text-ink-3 text-xs">{t('needEditor')}</p>}
    </div>
  )
}

function Act({ alert, action, may, label }: { alert: Alert; action: 'ack' | 'resolve'; may: boolean; label: string }) {
  return (
    <form method="post" action={`/a/${alert.id}/act`}>
      <input type="hidden" name="project" value={alert.project} />
      <input type="hidden" name="action" value={action} />
      <input type="hidden" name="key" value={mintFormKey()} />
      <button type="submit" disabled={!may} className={buttonClass({ size: 'lg', className: 'w-full' })}>
        {label}
      </button>
    </form>
  )
}

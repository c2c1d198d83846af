import type { Endpoint, Project, Variant } from '@modelyard/contracts'
import { can } from '@modelyard/domain'
import { buttonClass } from '@modelyard/ui/button'
import { ErrorCard } from '@modelyard/ui/states'
import { StatusPill } from '@modelyard/ui/status-pill'
import { useTranslations } from 'next-intl'
import { When } from '../when.tsx'

type Props = { project: Project; endpoint: Endpoint; alertId: string | undefined }

/** The address of the confirmation: asking for it decides nothing. */
function confirmHref(endpoint: Endpoint, variant: Variant, alertId: string | undefined): string {
  const query = new URLSearchParams({ to: variant.id, ...(alertId === undefined ? {} : { alert: alertId }) })
  return `/r/${endpoint.id}?${query}`
}

/** The first tap: the last good revision large, the others behind. */
export function RollbackChoices({ project, endpoint, alertId }: Props) {
  const t = useTranslations('rollback')
  const best = endpoint.rollbackTo
  if (!can(project.role, 'rollout.act')) {
    return (
      <>
        <button type="button" disabled className={buttonClass({ variant: 'danger', size: 'xl' })}>
          {best === null ? t('titleShort') : t('to', { variant: best.number })}
        </button>
        <div className="mt-3">
          <ErrorCard title={t('notAllowed')} body={t('needDeployer', { role: project.role })} />
        </div>
      </>
    )
  }
  return (
    <>
      {endpoint.pinned && (
        <p className="mb-3">
          <StatusPill tone="warn" icon="paused" label={t('pinned')} className="whitespace-normal" />
        </p>
      )}
      {best === null ? (
        <p className="rounded-lg border border-line bg-surface p-4 text-sm">{t('nowhere')}</p>
      ) : (
        <a href={confirmHref(endpoint, best, alertId)} className={buttonClass({ variant: 'danger', size: 'xl' })}>
          <span>
            <span className="block font-semibold text-lg">{t('to', { variant: best.number })}</span>
            <span className="block font-normal text-sm">
              {t('lastGood', { model: best.model, version: best.modelVersion })}
            </span>
          </span>
        </a>
      )}
      <Others endpoint={endpoint} alertId={alertId} best={best} />
    </>
  )
}

/** Every other revision; one that never carried all traffic is refused with that reason. */
function Others({ endpoint, alertId, best }: Omit<Props, 'project'> & { best: Variant | null }) {
  const t = useTranslations('rollback')
  const others = endpoint.variants
    .filter((variant) => variant.role === 'retired' && variant.id !== best?.id)
    .toSorted((a, b) => b.number - a.number)
  if (others.length === 0) return null
  return (
    <details className="mt-4" open={best === null}>
      <summary className="inline-flex min-h-11 items-center text-accent text-sm underline-offset-2 hover:underline">
        {t('others')}
      </summary>
      <ul className="mt-1 flex flex-col gap-2">
        {others.map((variant) => (
          <li key={variant.id}>
            <a
              href={confirmHref(endpoint, variant, alertId)}
              className={buttonClass({ size: 'lg', className: 'w-full' })}
            >
              r{variant.number} · {variant.model} v{variant.modelVersion} · <When at={variant.createdAt} />
            </a>
          </li>
        ))}
      </ul>
    </details>
  )
}

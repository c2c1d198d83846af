import type { Endpoint, Project, Variant } from '@modelyard/contracts'
import { buttonClass } from '@modelyard/ui/button'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { mintFormKey } from '../../server/form-key.ts'

type Props = { project: Project; endpoint: Endpoint; target: Variant; alertId: string | undefined }

/** The second tap: says what will happen, by name. The key is minted here, so a double tap is one rollback. */
export function ConfirmRollback({ project, endpoint, target, alertId }: Props) {
  const t = useTranslations('rollback')
  const stopping = endpoint.variants.filter((variant) => variant.role !== 'retired' && variant.id !== target.id)
  const names = stopping.map((variant) => `r${variant.number}`).join(', ')
  return (
    <form
      method="post"
      action={`/r/${endpoint.id}/roll-back`}
      className="rounded-xl border border-crit/40 bg-surface p-4"
    >
      <h2 className="font-semibold text-base">
        {t('confirmTitle', { endpoint: endpoint.name, variant: target.number })}
      </h2>
      <ul className="mt-2 mb-4 list-disc pl-5 text-ink-2 text-sm">
        <li>{t('effectTraffic', { variant: target.number, model: target.model, version: target.modelVersion })}</li>
        {names !== '' && <li>{t('effectStops', { names })}</li>}
        <li>{t('effectPin')}</li>
        <li>{t('effectUndo')}</li>
      </ul>
      <input type="hidden" name="project" value={project.slug} />
      <input type="hidden" name="to" value={target.id} />
      <input type="hidden" name="key" value={mintFormKey()} />
      {alertId !== undefined && <input type="hidden" name="alert" value={alertId} />}
      <label htmlFor="reason" className="mb-1 block font-medium text-xs">
        {t('reason')}
      </label>
      <input
        id="reason"
        name="reason"
        maxLength={500}
        autoComplete="off"
        className="mb-4 block min-h-11 w-full rounded-md border border-line-strong/70 bg-bg px-3 text-base"
      />
      <button type="submit" className={buttonClass({ variant: 'danger', size: 'xl' })}>
        <span className="font-semibold text-lg">{t('confirm', { variant: target.number })}</span>
      </button>
      <a
        href={links.rollback(endpoint.id, alertId)}
        className={buttonClass({ variant: 'ghost', size: 'lg', className: 'mt-2 w-full' })}
      >
        {t('cancel')}
      </a>
    </form>
  )
}

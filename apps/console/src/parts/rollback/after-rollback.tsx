import type { Endpoint, Project } from '@modelyard/contracts'
import { buttonClass } from '@modelyard/ui/button'
import { StatusPill } from '@modelyard/ui/status-pill'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { mintFormKey } from '../../server/form-key.ts'

type Props = { project: Project; endpoint: Endpoint; generation: number; undone: boolean; alertId: string | undefined }

/** What gateways report, not what was ordered; asks again by itself until all have it. */
export function AfterRollback({ project, endpoint, generation, undone, alertId }: Props) {
  const t = useTranslations('rollback')
  const live = endpoint.gateways.filter((gateway) => gateway.live)
  const there = live.filter((gateway) => gateway.observedGeneration >= generation)
  const observed = live.length > 0 && there.length === live.length
  const serving = endpoint.variants.find((variant) => variant.role === 'stable')
  return (
    <div role="status" className="rounded-xl border border-line bg-surface p-4">
      {!observed && <meta httpEquiv="refresh" content="2" />}
      <StatusPill
        tone={observed ? 'ok' : 'active'}
        label={t(observed ? 'observed' : 'following', {
          count: there.length,
          total: live.length,
          variant: serving?.number ?? 0,
        })}
        className="whitespace-normal text-sm"
      />
      <p className="mt-2 text-ink-2 text-sm">{t(undone ? 'afterUndo' : 'after')}</p>
      <div className="mt-4 flex flex-col gap-2">
        {alertId !== undefined && (
          <a href={links.alert(alertId)} className={buttonClass({ variant: 'primary', size: 'lg' })}>
            {t('toAlert')}
          </a>
        )}
        {!undone && endpoint.generation === generation && endpoint.pinned && (
          <form method="post" action={`/r/${endpoint.id}/undo`}>
            <input type="hidden" name="project" value={project.slug} />
            <input type="hidden" name="generation" value={generation} />
            <input type="hidden" name="key" value={mintFormKey()} />
            <button type="submit" className={buttonClass({ size: 'lg', className: 'w-full' })}>
              {t('undo')}
            </button>
          </form>
        )}
        <a href={links.endpoint(project.slug, endpoint.name)} className={buttonClass({ variant: 'ghost', size: 'lg' })}>
          {t('toEndpoint')}
        </a>
      </div>
    </div>
  )
}

import type { Rollout } from '@modelyard/contracts'
import type { Tone } from '@modelyard/ui'
import { Card, Stat } from '@modelyard/ui/card'
import { StatusPill } from '@modelyard/ui/status-pill'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { Actor } from '../actor.tsx'

import { When } from '../when.tsx'

const tones: Record<Rollout['state'], Tone> = {
  progressing: 'active',
  paused: 'warn',
  rolled_back: 'crit',
  promoted: 'ok',
  aborted: 'neutral',
}

/** The one sentence of cause first; then where it stands. */
export function Outcome({ rollout }: { rollout: Rollout }) {
  const t = useTranslations('client.rollout')
  const format = useFormat()
  const units = rollout.guards[0]
  const now = rollout.state === 'progressing' || rollout.state === 'paused' ? rollout.to.weightBps : null
  return (
    <Card tone={tones[rollout.state]}>
      {rollout.reason !== null && (
        <p className="mb-3 border-line border-b pb-3 font-medium text-base">
          <StatusPill tone={tones[rollout.state]} label={t(`ended.${rollout.state}`)} className="mr-2" />
          {rollout.reason}
        </p>
      )}
      <div className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3 lg:grid-cols-5">
        <Stat
          label={t('from')}
          value={`r${rollout.from.number}`}
          note={`${rollout.from.model} v${rollout.from.modelVersion}`}
        />
        <Stat
          label={t('to')}
          value={`r${rollout.to.number}`}
          note={`${rollout.to.model} v${rollout.to.modelVersion}`}
        />
        <Stat
          label={t('share')}
          value={now === null ? '–' : format.bps(now)}
          note={
            rollout.to.observedBps === null ? t('notSeen') : t('seen', { share: format.bps(rollout.to.observedBps) })
          }
        />
        <Stat
          label={t('units')}
          value={units === undefined ? '–' : format.number(units.canary.units)}
          note={units === undefined ? undefined : t('versus', { units: format.number(units.control.units) })}
        />
        <Stat
          label={rollout.endedAt === null ? t('running') : t('took')}
          value={format.between(rollout.startedAt, rollout.endedAt, Date.now())}
          note={
            <>
              <Actor actor={rollout.startedBy} /> <When at={rollout.startedAt} />
            </>
          }
        />
      </div>
    </Card>
  )
}

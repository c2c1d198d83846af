import type { GuardEvidence, Rollout } from '@modelyard/contracts'
import { EvidenceBar } from '@modelyard/ui/evidence-bar'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { StatePill } from '../state-pill.tsx'

/** One tile per guard: what both arms did, how strong the evidence is, and where it would decide. */
export function GuardTiles({ rollout }: { rollout: Rollout }) {
  const t = useTranslations('client.rollout')
  if (rollout.guards.length === 0) return <p className="text-ink-3 text-sm">{t('noGuards')}</p>
  return (
    <ul className="grid gap-3 md:grid-cols-3">
      {rollout.guards.map((guard) => (
        <li key={guard.guard} className="rounded-md border border-line p-3">
          <GuardTile guard={guard} rollout={rollout} />
        </li>
      ))}
    </ul>
  )
}

const tones = { pass: 'ok', inconclusive: 'active', fail: 'crit' } as const

/** e-values grow fast: powers of ten read best. */
function power(logE: number): string {
  return logE < Math.log(1000) ? Math.exp(logE).toPrecision(3) : `10^${(logE / Math.LN10).toFixed(1)}`
}

function GuardTile({ guard, rollout }: { guard: GuardEvidence; rollout: Rollout }) {
  const t = useTranslations('client.rollout')
  const format = useFormat()
  return (
    <>
      <div className="flex items-center justify-between gap-2">
        <h3 className="font-semibold text-sm">{t(`guard.${guard.guard}`)}</h3>
        <StatePill noun="verdict" state={guard.verdict} quiet />
      </div>
      <ArmTable guard={guard} rollout={rollout} />
      <EvidenceBar
        className="mt-3"
        logValue={guard.logE}
        logThreshold={guard.logThreshold}
        tone={tones[guard.verdict]}
        label={t('evidenceLabel', { e: power(guard.logE), limit: power(guard.logThreshold) })}
      />
      <p className="num mt-1 flex flex-wrap justify-between gap-x-3 text-ink-2 text-xs">
        <span>
          {t('eValue')} <span className="font-medium text-ink">{power(guard.logE)}</span> / {power(guard.logThreshold)}
        </span>
        <span>
          {t('p')} {format.p(guard.p)}
        </span>
      </p>
    </>
  )
}

/** What each arm did, in counts and as a share. */
function ArmTable({ guard, rollout }: { guard: GuardEvidence; rollout: Rollout }) {
  const t = useTranslations('client.rollout')
  const format = useFormat()
  const arms = [
    { name: `r${rollout.to.number}`, arm: guard.canary },
    { name: `r${rollout.from.number}`, arm: guard.control },
  ]
  return (
    <table className="num mt-2 w-full text-xs">
      <caption className="sr-only">{t(`guard.${guard.guard}`)}</caption>
      <thead className="text-ink-3">
        <tr>
          <th scope="col" className="text-left font-normal">
            {t('arm')}
          </th>
          <th scope="col" className="text-right font-normal">
            {t(`bad.${guard.guard}`)}
          </th>
          <th scope="col" className="text-right font-normal">
            {t('of')}
          </th>
          <th scope="col" className="text-right font-normal">
            {t('ratio')}
          </th>
        </tr>
      </thead>
      <tbody>
        {arms.map(({ name, arm }) => (
          <tr key={name}>
            <th scope="row" className="text-left font-medium">
              {name}
            </th>
            <td className="text-right">{format.number(arm.bad)}</td>
            <td className="text-right text-ink-2">{format.number(arm.units)}</td>
            <td className="text-right font-medium">{arm.units === 0 ? '–' : format.percent(arm.bad / arm.units, 2)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

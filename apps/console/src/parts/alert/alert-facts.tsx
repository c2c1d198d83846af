import type { Alert } from '@modelyard/contracts'
import { buttonClass } from '@modelyard/ui/button'
import { Card } from '@modelyard/ui/card'
import { KeyValue, type Pair } from '@modelyard/ui/key-value'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'

/** Where the whole of it can be looked at. */
export function AlertLinks({ alert }: { alert: Alert }) {
  const t = useTranslations('alertPage')
  const { project, endpoint } = alert
  const places = [
    endpoint === null ? null : { href: links.endpoint(project, endpoint), label: t('toEndpoint', { endpoint }) },
    endpoint === null || alert.driftReportId === null
      ? null
      : { href: links.drift(project, endpoint, alert.driftReportId), label: t('toDrift') },
    endpoint === null || alert.rolloutId === null
      ? null
      : { href: links.rollout(project, endpoint, alert.rolloutId), label: t('toRollout') },
  ].filter((place) => place !== null)
  if (places.length === 0) return null
  return (
    <nav aria-label={t('links')} className="flex flex-wrap gap-2">
      {places.map((place) => (
        <a key={place.href} href={place.href} className={buttonClass()}>
          {place.label}
        </a>
      ))}
    </nav>
  )
}

/** The numbers the alert rests on; what is nested is for programs and stays in the API. */
export function AlertEvidence({ evidence }: { evidence: Alert['evidence'] }) {
  const t = useTranslations('alertPage')
  const format = useFormat()
  const pairs = Object.entries(evidence).flatMap(([label, value]): Pair[] => {
    if (typeof value === 'number') return [{ label, value: <span className="num">{format.metric(value)}</span> }]
    if (typeof value === 'string' || typeof value === 'boolean') return [{ label, value: String(value) }]
    if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
      return [{ label, value: value.join(', ') }]
    return []
  })
  if (pairs.length === 0) return null
  return (
    <Card title={t('evidence')}>
      <KeyValue pairs={pairs} />
    </Card>
  )
}

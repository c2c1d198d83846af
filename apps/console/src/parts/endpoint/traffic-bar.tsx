import type { Variant } from '@modelyard/contracts'
import { SplitBar, type SplitColor } from '@modelyard/ui/split-bar'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'

const colors: Record<Variant['role'], SplitColor> = { stable: 'stable', canary: 'canary', retired: 'rest' }

/** Which revision takes how much: the order given, and beside it what gateways saw in the last minute. */
export function TrafficBar({ variants, legend = true }: { variants: Variant[]; legend?: boolean }) {
  const t = useTranslations('client.endpoint')
  const format = useFormat()
  const parts = variants
    .filter((variant) => variant.role !== 'retired')
    .map((variant) => {
      const target = format.bps(variant.weightBps)
      return {
        label: `r${variant.number}`,
        share: variant.weightBps / 10_000,
        color: colors[variant.role],
        note:
          variant.observedBps === null ? target : t('targetSeen', { target, seen: format.bps(variant.observedBps) }),
      }
    })
  if (parts.length === 0) return <span className="text-ink-3">–</span>
  const sentence = parts.map((part) => `${part.label} ${part.note}`).join(', ')
  return <SplitBar parts={parts} label={sentence} legend={legend} className={legend ? undefined : 'min-w-24'} />
}

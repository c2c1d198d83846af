import type { GateResult } from '@modelyard/contracts'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useFormat } from '../format/use-format.ts'
import { useReason } from '../format/use-reason.ts'
import { Actor } from './actor.tsx'
import { StatePill } from './state-pill.tsx'
import { When } from './when.tsx'

/** How a gate was judged; older records say only whether it passed. */
export function GatePill({ gate }: { gate: GateResult }) {
  return <StatePill noun="gate" state={gate.verdict ?? (gate.pass ? 'pass' : 'fail')} quiet />
}

function observedText(gate: GateResult, format: ReturnType<typeof useFormat>, value: number | null): string {
  if (value === null) return '–'
  if (gate.unit === 'ratio') return format.percent(value, 2)
  return gate.unit === undefined ? format.metric(value) : `${format.metric(value)} ${gate.unit}`
}

type Props = {
  gates: GateResult[]
  caption: string
  /** What can be done about a gate. */
  action?: (gate: GateResult) => ReactNode
}

/** Conditions with what was seen and what was asked; the reason is always written out. */
export function GateTable({ gates, caption, action }: Props) {
  const t = useTranslations('client.gate')
  const format = useFormat()
  const say = useReason()
  if (gates.length === 0) return <p className="px-4 py-3 text-ink-3 text-sm">{t('none')}</p>
  return (
    <Table
      caption={caption}
      head={
        <>
          <Th>{t('verdict')}</Th>
          <Th>{t('gate')}</Th>
          <Th numeric>{t('observed')}</Th>
          <Th numeric>{t('threshold')}</Th>
          <Th className="max-md:hidden">{t('detail')}</Th>
        </>
      }
    >
      {gates.map((gate) => (
        <tr key={`${gate.gate}:${gate.detail}`}>
          <Td>
            <GatePill gate={gate} />
          </Td>
          <Td>
            <span className="mono text-ink">{gate.gate}</span>
            <span className="mt-0.5 block text-ink-2 text-xs md:hidden">
              {say(gate)}
              <Waiver gate={gate} />
              {action?.(gate)}
            </span>
          </Td>
          <Td numeric>{observedText(gate, format, gate.observed)}</Td>
          <Td numeric className="text-ink-3">
            {observedText(gate, format, gate.threshold)}
          </Td>
          <Td className="min-w-60 text-ink-2 max-md:hidden">
            {say(gate)}
            <Waiver gate={gate} />
            {action?.(gate)}
          </Td>
        </tr>
      ))}
    </Table>
  )
}

/** Who let the gate pass all the same, and why. */
function Waiver({ gate: { waiver } }: { gate: GateResult }) {
  const t = useTranslations('client.gate')
  if (waiver === undefined) return null
  return (
    <span className="mt-1 block text-warn text-xs">
      {t('waivedBy')} <Actor actor={waiver.by} /> <When at={waiver.at} />
      <span className="block text-ink [overflow-wrap:anywhere]">{waiver.reason}</span>
    </span>
  )
}

import type { ComparedMetric } from '@modelyard/contracts'
import type { Format } from '../../format/format.ts'

type Unit = ComparedMetric['unit']

/** A measurement as people read it. */
export function valueText(format: Format, unit: Unit, value: number | null): string {
  if (value === null) return '–'
  if (unit === 'ratio') return format.percent(value, 2)
  if (unit === 'ms') return format.ms(value)
  return unit === 'bytes' ? format.bytes(value) : format.metric(value)
}

/** The distance to the baseline with its sign; shares differ by points, which no relative percentage is mistaken for. */
export function deltaText(format: Format, unit: Unit, delta: number): string {
  if (delta === 0) return '±0'
  const sign = delta > 0 ? '+' : '−'
  const size = Math.abs(delta)
  if (unit === 'ratio') return `${sign}${format.number(size * 100, 2)} pp`
  if (unit === 'ms') return `${sign}${format.ms(size)}`
  return `${sign}${unit === 'bytes' ? format.bytes(size) : format.metric(size)}`
}

/** Whether a distance is for the better; null where it is none, or nobody can know. */
export function isBetter({ better }: Pick<ComparedMetric, 'better'>, delta: number): boolean | null {
  if (better === null || delta === 0) return null
  return better === 'higher' ? delta > 0 : delta < 0
}

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
  const text = distanceText(format, unit, Math.abs(delta))
  // What is too small to be written is no distance to anybody who reads it.
  if (!/[1-9]/.test(text)) return '±0'
  return `${delta > 0 ? '+' : '−'}${text}`
}

function distanceText(format: Format, unit: Unit, size: number): string {
  if (unit === 'ratio') return `${format.number(size * 100, 2)} pp`
  if (unit === 'ms') return format.ms(size)
  return unit === 'bytes' ? format.bytes(size) : format.metric(size)
}

/** Whether a distance is for the better; null where it is none, or nobody can know. */
export function isBetter({ better }: Pick<ComparedMetric, 'better'>, delta: number): boolean | null {
  if (better === null || delta === 0) return null
  return better === 'higher' ? delta > 0 : delta < 0
}

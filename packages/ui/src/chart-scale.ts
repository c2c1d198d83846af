import { logTicks } from './log-scale.ts'

/** Where values lie on an axis: numbers by size, words in the order they come. */
export type Axis = {
  kind: 'number' | 'log' | 'text'
  /** From 0 to 1; null for what has no place: nothing logged, or no finite number. */
  place: (value: number | string | null) => number | null
  ticks: Tick[]
  /** What stands at a place: a number, or the word that is nearest. */
  labelAt: (place: number) => string
}
export type Tick = { at: number; label: string }

/** An axis whose values are all numbers, or text that reads as one, goes by size. */
export function axisOf(values: readonly (number | string | null)[], locale: string): Axis {
  const given = values.filter((value) => value !== null)
  const numbers = given.map(numberOf)
  if (given.length > 0 && numbers.every((value) => value !== null))
    return numberAxis(
      numbers.filter((value) => Number.isFinite(value)),
      locale,
    )
  return textAxis([...new Set(given.map(String))])
}

/** A number, or text that is wholly one; NaN and infinities are numbers without a place. */
function numberOf(value: number | string): number | null {
  if (typeof value === 'number') return value
  const text = value.trim()
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity') return Number(text)
  const number = Number(text)
  return text === '' || Number.isNaN(number) ? null : number
}

const TICKS = 5
/** Values above zero over so many times the least, as learning rates are, go by their powers of ten. */
const LOG_FROM = 100

function numberAxis(numbers: readonly number[], locale: string): Axis {
  const low = numbers.length === 0 ? 0 : Math.min(...numbers)
  const high = numbers.length === 0 ? 1 : Math.max(...numbers)
  if (low > 0 && high / low >= LOG_FROM) return logAxis(low, high, locale)
  const span = high - low
  const write = writerOf(span / (TICKS - 1), locale)
  return {
    kind: 'number',
    place: placeBy((number) => (span === 0 ? 0.5 : (number - low) / span)),
    labelAt: (place) => write(low + span * place),
    ticks:
      span === 0
        ? [{ at: 0.5, label: write(low) }]
        : Array.from({ length: TICKS }, (_, index) => ({
            at: index / (TICKS - 1),
            label: write(low + (span * index) / (TICKS - 1)),
          })),
  }
}

function logAxis(low: number, high: number, locale: string): Axis {
  const powers = Math.log(high / low)
  const at = (number: number) => Math.log(number / low) / powers
  const format = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 })
  const write = (number: number) =>
    number < 1e-3 ? Number(number.toPrecision(3)).toExponential() : format.format(number)
  return {
    kind: 'log',
    place: placeBy((number) => (number > 0 ? at(number) : null)),
    labelAt: (place) => write(low * Math.exp(powers * place)),
    ticks: logTicks(low, high).map((number) => ({ at: at(number), label: write(number) })),
  }
}

const placeBy = (at: (number: number) => number | null) => (value: number | string | null) => {
  const number = value === null ? null : numberOf(value)
  return number === null || !Number.isFinite(number) ? null : at(number)
}

/** Numbers with as many digits as tell neighbouring ticks apart, and at least three that count. */
function writerOf(distance: number, locale: string): (number: number) => string {
  const digits = distance === 0 ? 3 : Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(distance))))
  const format = new Intl.NumberFormat(locale, { maximumFractionDigits: digits })
  return (number) => {
    const isTiny = number !== 0 && Math.abs(number) < 10 ** -digits
    return isTiny ? Number(number.toPrecision(3)).toExponential() : format.format(number)
  }
}

function textAxis(words: readonly string[]): Axis {
  const at = (index: number) => (words.length < 2 ? 0.5 : index / (words.length - 1))
  const places = new Map(words.map((word, index) => [word, at(index)]))
  return {
    kind: 'text',
    place: (value) => (value === null ? null : (places.get(String(value)) ?? null)),
    labelAt: (place) => words[Math.round(place * (words.length - 1))] ?? '',
    ticks: words.map((label, index) => ({ at: at(index), label })),
  }
}

/** Those ticks that stand at least so far apart, the two ends first: labels that overlap can be read by nobody. */
export function ticksApart(ticks: readonly Tick[], least: number): Tick[] {
  const last = ticks.at(-1)
  const kept: Tick[] = []
  for (const tick of ticks) {
    const before = kept.at(-1)
    const clear = before === undefined || tick.at - before.at >= least
    const leavesRoom = before === undefined || tick === last || (last?.at ?? 1) - tick.at >= least
    if (clear && leavesRoom) kept.push(tick)
  }
  return kept
}

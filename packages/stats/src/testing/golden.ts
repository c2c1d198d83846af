import { readFileSync } from 'node:fs'

/** A number as the file writes it: JSON has no infinities, no NaN and no -0, and long ones are strings of digits. */
export type GoldenNumber = number | string | null

/** The recipes of `meta.input_specs`. */
export type InputSpec =
  | { k: 'list'; v: GoldenNumber[] }
  | { k: 'rep'; v: [GoldenNumber, number][] }
  | { k: 'lin'; n: number; a: number; b: number }
  | { k: 'weyl'; n: number; alpha: number; off: number; scale: number; shift: number; pow: number }
  | { k: 'mod'; n: number; mul: number; add: number; mod: number; scale: number; shift: number }
  | { k: 'lcg'; n: number; s: number; k_: number; scale: number; shift: number }

const file = new URL('../../reference/statistics.json', import.meta.url)
const tables = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>

/** One table of the golden file. */
export function goldenTable<Row>(name: string): Row[] {
  const rows = tables[name]
  if (!Array.isArray(rows) || rows.length === 0) throw new Error(`the golden file has no table ${name}`)
  return rows as Row[]
}

/** Names of all tables. */
export function goldenTableNames(): string[] {
  return Object.keys(tables).filter((name) => name !== 'meta')
}

/** The number that the file means. null stands for an undefined answer. */
export function golden(value: GoldenNumber): number {
  return value === null ? Number.NaN : Number(value)
}

function weyl({ alpha, off, scale, shift, pow }: Extract<InputSpec, { k: 'weyl' }>, i: number): number {
  const u = (off + (i + 1) * alpha) % 1
  let power = 1
  for (let k = 0; k < pow; k++) power *= u
  return shift + scale * power
}

function lcg({ n, s, k_, scale, shift }: Extract<InputSpec, { k: 'lcg' }>): Float64Array {
  let state = s
  return Float64Array.from({ length: n }, () => {
    let sum = 0
    for (let k = 0; k < k_; k++) {
      state = (state * 48271) % 2147483647
      sum += state / 2147483647
    }
    return shift + scale * (sum - k_ / 2)
  })
}

/** Rebuilds an input, bit for bit. */
export function buildInput(spec: InputSpec): Float64Array {
  switch (spec.k) {
    case 'list':
      return Float64Array.from(spec.v, golden)
    case 'rep':
      return Float64Array.from(spec.v.flatMap(([value, count]) => new Array<number>(count).fill(golden(value))))
    case 'lin':
      return Float64Array.from({ length: spec.n }, (_, i) => spec.a + spec.b * i)
    case 'weyl':
      return Float64Array.from({ length: spec.n }, (_, i) => weyl(spec, i))
    case 'mod':
      return Float64Array.from(
        { length: spec.n },
        (_, i) => spec.shift + spec.scale * ((i * spec.mul + spec.add) % spec.mod),
      )
    case 'lcg':
      return lcg(spec)
  }
}

/** |a - b| over |b|; 0 where they are the same, both NaN, or both below the smallest normal number. */
export function relativeError(actual: number, expected: number): number {
  if (Object.is(actual, expected) || actual === expected) return 0
  const tiny = 2.3e-308
  if (Math.abs(actual) < tiny && Math.abs(expected) < tiny) return 0
  return Math.abs(actual - expected) / Math.abs(expected)
}

/** What a table's rows must meet: relative error, or the absolute one where that is kinder. */
export type Tolerance = { relative: number; absolute?: number }

/** A comparison of one number. */
export type Comparison = { what: string; actual: number; expected: number; within: Tolerance }

/** Comparisons that fail, as text; an empty list is what a test wants. */
export function misses(comparisons: readonly Comparison[]): string[] {
  return comparisons
    .filter(({ actual, expected, within }) => {
      const near = Math.abs(actual - expected) <= (within.absolute ?? 0)
      return !(near || relativeError(actual, expected) <= within.relative)
    })
    .map(({ what, actual, expected }) => `${what}: ${actual} instead of ${expected}`)
}

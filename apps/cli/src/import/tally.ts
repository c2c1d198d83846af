/** What was counted on both sides, and in words what differs. */
export const COUNTED = [
  'experiments',
  'runs',
  'params',
  'tags',
  'metrics',
  'points',
  'datasets',
  'logged models',
  'files',
  'bytes',
  'models',
  'versions',
  'aliases',
] as const
export type Counted = (typeof COUNTED)[number]
type Counts = Record<Counted, number>

const none = (): Counts => Object.fromEntries(COUNTED.map((what) => [what, 0])) as Counts

export class Tally {
  readonly there = none()
  readonly here = none()
  readonly differences: string[] = []

  add(side: 'there' | 'here', counts: Partial<Counts>): void {
    for (const what of COUNTED) this[side][what] += counts[what] ?? 0
  }

  differ(what: string): void {
    this.differences.push(what)
  }

  /** Every difference in words, that of a sum too. */
  verdict(): string[] {
    const sums = COUNTED.filter((what) => this.there[what] !== this.here[what])
    return [...this.differences, ...sums.map((what) => `${what}: ${this.there[what]} there, ${this.here[what]} here`)]
  }

  /** The lines of the table that ends an import. */
  table(): string[] {
    const rows = COUNTED.map((what) => [what, String(this.there[what]), String(this.here[what])] as const)
    const line = ([what, there, here]: readonly [string, string, string], mark: string) =>
      `${what.padEnd(14)} ${there.padStart(15)} ${here.padStart(15)}  ${mark}`.trimEnd()
    return [line(['', 'there', 'here'], ''), ...rows.map((row) => line(row, row[1] === row[2] ? 'same' : 'DIFFERENT'))]
  }
}

import { loadavg } from 'node:os'
import type { Outcome, Reading } from './measure.ts'

/** What must be so through all of it, and whether it was. */
export type Finding = { what: string; theirs: string; ours: string; goal: string; met: boolean }

const NEAR_LIMIT = 1.25
const HEAD = `| request | MLflow | ours | ratio | to the first byte | in processor time | statements | goal |
|---|---|---|---|---|---|---|---|`
const FINDINGS_HEAD = `| through all of it | MLflow | ours | goal |
|---|---|---|---|`

/** Tables as docs/measurements.md has them: a row as soon as it is measured, and at the end what was found besides. */
export class Report {
  readonly #say: (line: string) => void
  readonly #loadBefore = load()
  readonly #findings: Finding[] = []
  readonly #notes: string[] = []
  #rows = 0

  constructor(say: (line: string) => void) {
    this.#say = say
  }

  row(outcome: Outcome): void {
    if (this.#rows++ === 0) this.#say(HEAD)
    this.#say(rowOf(outcome))
  }

  finding(finding: Finding): void {
    this.#findings.push(finding)
  }

  note(text: string): void {
    this.#notes.push(text)
  }

  end(): void {
    if (this.#findings.length > 0) this.#say(`\n${FINDINGS_HEAD}`)
    for (const { what, theirs, ours, goal, met } of this.#findings)
      this.#say(`| ${what} | ${theirs} | ${ours} | ${goal}${met ? '' : ': missed'} |`)
    this.#say(`\nLoad of the machine: ${this.#loadBefore} before, ${load()} after.`)
    for (const text of this.#notes) this.#say(text)
  }
}

export function rowOf({ name, ours, theirs, goal, statementsGoal, limit }: Outcome): string {
  const isFast = theirs.ms / ours.ms >= goal || (limit !== undefined && ours.ms <= limit.ms * NEAR_LIMIT)
  const isFrugal = statementsGoal === undefined || (ours.statements ?? 0) <= statementsGoal
  const aims = [
    `>= ${goal}x${limit ? ` or ${limit.of} (${readable(limit.ms)})` : ''}${isFast ? '' : ': missed'}`,
    ...(statementsGoal === undefined ? [] : [`at most ${statementsGoal}${isFrugal ? '' : ': missed'}`]),
  ]
  const ratio = (of: (reading: Reading) => number | undefined) => ratioOf(of(theirs), of(ours))
  const cells = [
    name,
    readable(theirs.ms),
    readable(ours.ms),
    ratio(({ ms }) => ms),
    firstBytes(theirs, ours),
    ratio(({ cpuMs }) => cpuMs),
    theirs.statements === undefined ? '-' : `${theirs.statements} : ${ours.statements}`,
    aims.join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}

function firstBytes({ firstByteMs: theirs }: Reading, { firstByteMs: ours }: Reading): string {
  if (theirs === undefined || ours === undefined) return '-'
  return `${ratioOf(theirs, ours)} (${readable(theirs)} : ${readable(ours)})`
}

const ratioOf = (theirs: number | undefined, ours: number | undefined): string =>
  theirs && ours ? `${(theirs / ours).toFixed(1)}x` : '-'

function readable(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`
  return `${ms.toFixed(ms >= 100 ? 0 : 1)} ms`
}

const load = () => (loadavg()[0] ?? 0).toFixed(1)

/** Segment files: their names, which carry order and state, and their lines. */
import type { Outcome } from './outcome.ts'

/** `shed` segments have lost their payloads to make room; counts, ids and labels stay. */
export type Segment = { bootId: string; seq: number; state: 'open' | 'sealed' | 'shed' }

const NAME = /^([0-9a-z-]{1,60})\.(\d{10})\.(open|sealed|shed)\.ndjson$/

/** Names sort in the order in which segments were written: boot ids begin with the time. */
export function fileNameOf({ bootId, seq, state }: Segment): string {
  return `${bootId}.${String(seq).padStart(10, '0')}.${state}.ndjson`
}

/** The segment a file name stands for, or null for any other file. */
export function segmentOf(fileName: string): Segment | null {
  const match = NAME.exec(fileName)
  return match ? { bootId: match[1] ?? '', seq: Number(match[2]), state: match[3] as Segment['state'] } : null
}

/** A new boot's id: sorts after all earlier ones of this gateway. */
export function newBootId(nowMs: number, random: string): string {
  return `${nowMs.toString(36).padStart(9, '0')}-${random}`
}

/** Reads lines; a line cut off by a crash is left out and counted. */
export function parseLines(text: string): { outcomes: Outcome[]; torn: number } {
  const outcomes: Outcome[] = []
  let torn = 0
  for (const line of text.split('\n')) {
    if (line === '') continue
    try {
      outcomes.push(JSON.parse(line) as Outcome)
    } catch {
      torn += 1
    }
  }
  return { outcomes, torn }
}

/** The same outcomes without their payloads. */
export function withoutPayload(text: string): string {
  return parseLines(text)
    .outcomes.map(
      (outcome) => `${JSON.stringify({ ...outcome, rows: outcome.rows.map((row) => ({ ...row, features: [] })) })}\n`,
    )
    .join('')
}

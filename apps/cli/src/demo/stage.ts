import type { Api } from './client.ts'
import type { Scan } from './digits.ts'
import type { Receiver } from './receiver.ts'
import type { Target, Traffic } from './traffic.ts'

/** What the steps know of each other. */
export type Stage = {
  consoleUrl: string
  /** The ML lead's program: the first administrator's key. */
  api: Api
  /** The second person, who approves. */
  reviewer: Api
  project: string
  endpoint: { id: string; name: string }
  target: Target
  scans: Scan[]
  traffic: Traffic
  receiver: Receiver
  /** Commit of this clone, for the lineage of what is trained; empty outside a clone. */
  commit: string
  /** Ids by short name: datasets, versions, rollouts, reports, alerts. */
  ids: Record<string, string>
  say: (line: string) => void
  signal: AbortSignal
}

/** What a step saw, and the page that shows it. */
export type Seen = { saw: string; page: string }
export type Step = { title: string; run: (stage: Stage) => Promise<Seen> }

/** A step did not do what it says. */
export function expectThat(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise)
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

import type { Client } from './client.ts'
import type { Contest } from './contests.ts'
import { countStatements, type StatementLog } from './statements.ts'

export type Outcome = {
  name: string
  ours: { ms: number; statements?: number }
  theirs: { ms: number; statements?: number }
  goal: number
  statementsGoal?: number
  /** What nobody can be faster than, and why; who comes near it has met the goal too. */
  limit?: { ms: number; of: string }
}
type Both = { ours: Client; theirs: Client }

const WARM_UP = 2
const NEAR_LIMIT = 1.25

/** By turns, and the least of the rounds: what else the machine does only ever adds. */
export async function measure(contest: Contest, both: Both, log: StatementLog): Promise<Outcome> {
  const ours = await contest.prepare(both.ours)
  const theirs = await contest.prepare(both.theirs)
  const times: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] }
  let round = 0
  for (; round < contest.rounds + WARM_UP; round++) {
    const [a, b] = [await timed(() => ours(round)), await timed(() => theirs(round))]
    if (round < WARM_UP) continue
    times.ours.push(a)
    times.theirs.push(b)
  }
  const counted = (call: typeof ours, client: Client) => countStatements(log, client.server, () => call(round++))
  return {
    name: contest.name,
    ours: { ms: Math.min(...times.ours), statements: await counted(ours, both.ours) },
    theirs: { ms: Math.min(...times.theirs), statements: await counted(theirs, both.theirs) },
    goal: contest.goal,
    ...(contest.statements === undefined ? {} : { statementsGoal: contest.statements }),
  }
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

export function printOutcome({ name, ours, theirs, goal, statementsGoal, limit }: Outcome): void {
  const ratio = theirs.ms / ours.ms
  const fewEnough = statementsGoal === undefined || (ours.statements ?? 0) <= statementsGoal
  const atLimit = limit !== undefined && ours.ms <= limit.ms * NEAR_LIMIT
  const verdict = (ratio >= goal || atLimit) && fewEnough ? 'goal met' : 'GOAL MISSED'
  const aims = [
    `>= ${goal}x`,
    ...(limit ? [`or ${limit.of}: ${readable(limit.ms)}`] : []),
    ...(statementsGoal === undefined ? [] : [`at most ${statementsGoal} statements`]),
  ]
  const side = ({ ms, statements }: Outcome['ours']) =>
    statements === undefined ? readable(ms) : `${readable(ms)} in ${statements} statements`
  const line = `${name}: MLflow ${side(theirs)}, ours ${side(ours)}, ${ratio.toFixed(1)}x (goal ${aims.join(', ')}) ${verdict}`
  process.stdout.write(`${line}\n`)
}

const readable = (ms: number): string => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(1)} ms`)

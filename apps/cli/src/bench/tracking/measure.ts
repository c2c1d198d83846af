import type { Both, Client } from './client.ts'
import type { Contest } from './contests.ts'
import { cpuMsOf } from './cpu.ts'
import { countStatements, type StatementLog } from './statements.ts'

/** Of one call. `firstByteMs`: until its answer began to come. `cpuMs`: of the server, and of PostgreSQL where it has a part. */
export type Reading = { ms: number; firstByteMs?: number; cpuMs?: number; statements?: number }

export type Outcome = {
  name: string
  ours: Reading
  theirs: Reading
  goal: number
  statementsGoal?: number
  /** What nobody can be faster than, and why; who comes near it has met the goal too. */
  limit?: { ms: number; of: string }
}

/** Asked by turns, so that what else the machine does falls on both. Rounds from zero on count. */
export async function byTurns<Side>(
  sides: { ours: Side; theirs: Side },
  { warmUp, rounds }: { warmUp: number; rounds: number },
  call: (side: Side, round: number) => Promise<Reading>,
): Promise<{ ours: Reading; theirs: Reading }> {
  const taken: { ours: Reading[]; theirs: Reading[] } = { ours: [], theirs: [] }
  for (let round = -warmUp; round < rounds; round++) {
    for (const side of ['theirs', 'ours'] as const) {
      const reading = await call(sides[side], round)
      if (round >= 0) taken[side].push(reading)
    }
  }
  return { ours: summed(taken.ours), theirs: summed(taken.theirs) }
}

/** Times are the least, since other work only ever adds; processor time is the mean, since other work does not add to it. */
export function summed(readings: readonly Reading[]): Reading {
  const first = readings.flatMap(({ firstByteMs }) => firstByteMs ?? [])
  return {
    ms: Math.min(...readings.map(({ ms }) => ms)),
    ...(first.length > 0 ? { firstByteMs: Math.min(...first) } : {}),
    cpuMs: readings.reduce((sum, { cpuMs = 0 }) => sum + cpuMs, 0) / readings.length,
  }
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

/** How long the work takes, and what these processes and all they started run meanwhile. */
export async function metered(pids: readonly number[], work: () => Promise<unknown>): Promise<Reading> {
  const before = cpuMsOf(pids)
  const ms = await timed(work)
  return { ms, cpuMs: cpuMsOf(pids) - before }
}

type Side = { client: Client; call: (round: number) => Promise<unknown> }

export async function measure(contest: Contest, both: Both, log: StatementLog): Promise<Outcome> {
  const prepared = async (client: Client): Promise<Side> => ({ client, call: await contest.prepare(client) })
  const sides = { ours: await prepared(both.ours), theirs: await prepared(both.theirs) }
  const readings = await byTurns(sides, contest, async ({ client, call }, round) => {
    let from = 0
    const reading = await metered([client.server.pid, log.postgresPid], () => {
      from = performance.now()
      return call(round + contest.warmUp)
    })
    return contest.isShort ? { ...reading, firstByteMs: client.answeredAt() - from } : reading
  })
  const counted = async ({ client, call }: Side) => {
    let round = contest.warmUp + contest.rounds
    return { statements: await countStatements(log, client.server, () => call(round++)) }
  }
  return {
    name: contest.name,
    ours: { ...readings.ours, ...(await counted(sides.ours)) },
    theirs: { ...readings.theirs, ...(await counted(sides.theirs)) },
    goal: contest.goal,
    ...(contest.statements === undefined ? {} : { statementsGoal: contest.statements }),
  }
}

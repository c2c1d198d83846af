import type { Client } from './client.ts'
import type { Contest } from './contests.ts'
import { cpuMsOf } from './cpu.ts'
import { countStatements, type StatementLog } from './statements.ts'

/** `cpuMs`: of the server and PostgreSQL together, for one call. */
export type Reading = { ms: number; cpuMs?: number; statements?: number }

export type Outcome = {
  name: string
  ours: Reading
  theirs: Reading
  goal: number
  statementsGoal?: number
  /** What nobody can be faster than, and why; who comes near it has met the goal too. */
  limit?: { ms: number; of: string }
}
type Both = { ours: Client; theirs: Client }

const NEAR_LIMIT = 1.25

/**
 * By turns, so that what else the machine does falls on both; times are the least of the rounds, since other work only
 * ever adds, and processor time is the mean, since other work does not add to it.
 */
export async function measure(contest: Contest, both: Both, log: StatementLog): Promise<Outcome> {
  const ours = await sideOf(contest, both.ours, log)
  const theirs = await sideOf(contest, both.theirs, log)
  for (let round = 0; round < contest.warmUp + contest.rounds; round++) {
    for (const side of [ours, theirs]) await side.turn(round >= contest.warmUp)
  }
  return {
    name: contest.name,
    ours: await ours.reading(),
    theirs: await theirs.reading(),
    goal: contest.goal,
    ...(contest.statements === undefined ? {} : { statementsGoal: contest.statements }),
  }
}

async function sideOf(contest: Contest, client: Client, log: StatementLog) {
  const call = await contest.prepare(client)
  const times: number[] = []
  let round = 0
  let cpuMs = 0
  const cpu = () => cpuMsOf([client.server.pid, log.postgresPid])
  const turn = async (counts: boolean) => {
    const before = cpu()
    const ms = await timed(() => call(round++))
    if (!counts) return
    times.push(ms)
    cpuMs += cpu() - before
  }
  const reading = async (): Promise<Reading> => ({
    ms: Math.min(...times),
    cpuMs: cpuMs / times.length,
    statements: await countStatements(log, client.server, () => call(round++)),
  })
  return { turn, reading }
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
  const cpu = ours.cpuMs && theirs.cpuMs ? `, ${(theirs.cpuMs / ours.cpuMs).toFixed(1)}x in processor time` : ''
  const sides = `MLflow ${said(theirs)}, ours ${said(ours)}`
  const line = `${name}: ${sides}, ${ratio.toFixed(1)}x${cpu} (goal ${aims.join(', ')}) ${verdict}`
  process.stdout.write(`${line}\n`)
}

function said({ ms, cpuMs, statements }: Reading): string {
  const cpu = cpuMs === undefined ? '' : ` (${readable(cpuMs)} of processor)`
  return statements === undefined ? `${readable(ms)}${cpu}` : `${readable(ms)}${cpu} in ${statements} statements`
}

const readable = (ms: number): string => (ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(1)} ms`)

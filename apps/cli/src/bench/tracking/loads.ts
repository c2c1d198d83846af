import { createHash } from 'node:crypto'
import { type Both, type Client, readJson } from './client.ts'
import { MANY, newRun, point } from './contests.ts'
import { byTurns, metered, type Outcome, timed } from './measure.ts'
import type { Finding } from './report.ts'

const USERS = 20
const SEARCHES = 2
const SEARCHES_OF_ALL = USERS * SEARCHES
const WRITERS = 8
const BATCHES = 5
const KEYS = 200

/**
 * Users who search 30,000 runs at once, each with a filter and an order; the time until the last byte of the last answer:
 * users read theirs on machines of their own. A turn begins with the same searches untimed, since the tables of both
 * servers lie in the buffers of one PostgreSQL and drive each other out.
 */
export async function crowd(both: Both, postgresPid: number): Promise<Outcome & { failed: number }> {
  let failed = 0
  const readings = await byTurns(both, { warmUp: 1, rounds: 3 }, async (client) => {
    await searchAll(client)
    let answers: (ArrayBuffer | null)[] = []
    const { ms, cpuMs = 0 } = await metered([client.server.pid, postgresPid], async () => {
      answers = await searchAll(client)
    })
    failed += checkPages(client, answers)
    return { ms: ms / SEARCHES_OF_ALL, cpuMs: cpuMs / SEARCHES_OF_ALL }
  })
  return { name: `runs/search over 30,000 runs, ${USERS} users, per search`, ...readings, goal: 20, failed }
}

/** Null for a search that failed: MLflow's server fails some of such a crowd, ours may not. */
async function searchAll(client: Client): Promise<(ArrayBuffer | null)[]> {
  const { experiment } = await client.get('experiments/get-by-name', { experiment_name: MANY })
  const { experiment_id } = experiment as { experiment_id: string }
  const answers: (ArrayBuffer | null)[] = []
  const user = async (index: number) => {
    for (let turn = 0; turn < SEARCHES; turn++) {
      const filter = `metrics.metric_${index % 10} > 0.5 AND params.param_${(index + turn) % 20} = '${index}'`
      const order_by = [`metrics.metric_${(index + 1) % 10} DESC`]
      const body = { experiment_ids: [experiment_id], filter, order_by, max_results: 100 }
      const answer = await client.postForBody('runs/search', body).catch((error: unknown) => {
        if (client.server.side === 'ours') throw error
        return null
      })
      answers.push(answer)
    }
  }
  await Promise.all(Array.from({ length: USERS }, (_, index) => user(index)))
  return answers
}

/** How many searches failed; they count as answered. */
function checkPages(client: Client, answers: readonly (ArrayBuffer | null)[]): number {
  const pages = answers.filter((answer) => answer !== null)
  for (const page of pages) {
    const { runs } = readJson(page)
    if ((runs as unknown[]).length !== 100) throw new Error(`${client.server.side} does not find a page of runs`)
  }
  return answers.length - pages.length
}

/** Writers of one run at once, each with the same keys in an order of its own: does any of them fail? */
export async function shuffledWriters(both: Both): Promise<Finding> {
  const theirs = await writeShuffled(both.theirs)
  const ours = await writeShuffled(both.ours)
  const what = `${WRITERS} writers, ${WRITERS * BATCHES} batches of ${KEYS} metrics, keys shuffled`
  return { what, theirs: theirs.said, ours: ours.said, goal: 'no deadlock', met: ours.isWhole }
}

async function writeShuffled(client: Client): Promise<{ said: string; isWhole: boolean }> {
  const run_id = await newRun(client)
  let failed = 0
  const writer = async (index: number) => {
    for (let batch = 0; batch < BATCHES; batch++) {
      const metrics = shuffled(KEYS, index * BATCHES + batch).map((key) =>
        point(`metric_${key}`, batch * WRITERS + index),
      )
      await client.post('runs/log-batch', { run_id, metrics }).catch(() => failed++)
    }
  }
  const ms = await timed(() => Promise.all(Array.from({ length: WRITERS }, (_, index) => writer(index))))
  const { run } = await client.get('runs/get', { run_id })
  const metrics = (run as { data: { metrics?: { step?: number }[] } }).data.metrics ?? []
  const right = metrics.filter(({ step }) => Number(step) === BATCHES * WRITERS - 1).length
  const values = right === KEYS ? 'every newest value right' : `${KEYS - right} newest values wrong`
  const said = `${failed === 0 ? 'no fault' : `${failed} batches failed`}, ${values}, ${(ms / 1000).toFixed(1)} s`
  return { said, isWhole: failed === 0 && right === KEYS }
}

/** 0 to count - 1 in an order that a seed gives. */
function shuffled(count: number, seed: number): number[] {
  const rank = (key: number) => createHash('sha256').update(`${seed}:${key}`).digest('hex')
  return Array.from({ length: count }, (_, key) => ({ key, rank: rank(key) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ key }) => key)
}

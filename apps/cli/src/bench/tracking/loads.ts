import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Client, downloadArtifact, uploadArtifact } from './client.ts'
import { MANY, newRun, point } from './contests.ts'
import { cpuMsOf } from './cpu.ts'
import { type Outcome, timed } from './measure.ts'

type Both = { ours: Client; theirs: Client }

const USERS = 20
const SEARCHES = 2
const WRITERS = 8
const BATCHES = 5
const KEYS = 200
const GIGABYTE = 1_073_741_824

/** Users who search 30,000 runs at once, each with a filter and an order; the time until all have their answers. */
export async function crowd(both: Both, postgresPid: number): Promise<Outcome> {
  const read = async (client: Client) => {
    const cpu = () => cpuMsOf([client.server.pid, postgresPid])
    // Once before it counts, as with every other request.
    await searchAll(client)
    const before = cpu()
    const ms = await timed(() => searchAll(client))
    return { ms: ms / (USERS * SEARCHES), cpuMs: (cpu() - before) / (USERS * SEARCHES) }
  }
  const name = `runs/search over 30,000 runs, ${USERS} users, per search`
  return { name, ours: await read(both.ours), theirs: await read(both.theirs), goal: 20 }
}

/** Ours must answer every search; MLflow's server fails some of such a crowd, which is said and counts as answered. */
async function searchAll(client: Client): Promise<void> {
  let failed = 0
  const { experiment } = await client.get('experiments/get-by-name', { experiment_name: MANY })
  const { experiment_id } = experiment as { experiment_id: string }
  const user = async (index: number) => {
    for (let turn = 0; turn < SEARCHES; turn++) {
      const filter = `metrics.metric_${index % 10} > 0.5 AND params.param_${(index + turn) % 20} = '${index}'`
      const order_by = [`metrics.metric_${(index + 1) % 10} DESC`]
      const body = { experiment_ids: [experiment_id], filter, order_by, max_results: 100 }
      const found = await client.post('runs/search', body).catch((error: unknown) => {
        if (client.server.side === 'ours') throw error
        failed++
      })
      if (!found) continue
      const { runs } = found
      if ((runs as unknown[]).length !== 100) throw new Error(`${client.server.side} does not find a page of runs`)
    }
  }
  await Promise.all(Array.from({ length: USERS }, (_, index) => user(index)))
  if (failed > 0) process.stdout.write(`MLflow failed ${failed} of ${USERS * SEARCHES} searches of the crowd\n`)
}

/** Writers of one run at once, each with the same keys in an order of its own: does any of them fail? */
export async function shuffledWriters(client: Client): Promise<string> {
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
  const last = metrics.filter(({ step }) => Number(step) === BATCHES * WRITERS - 1).length
  const whole = failed === 0 && last === KEYS
  const who = client.server.side === 'ours' ? 'ours' : 'MLflow'
  const seen = `${failed} of ${WRITERS * BATCHES} batches failed, ${last} of ${KEYS} newest values right`
  return `${WRITERS} writers with shuffled keys, ${who}: ${seen}, ${(ms / 1000).toFixed(1)} s ${whole ? '' : 'NOT WHOLE'}`.trim()
}

/** 0 to count - 1 in an order that a seed gives. */
function shuffled(count: number, seed: number): number[] {
  const rank = (key: number) => createHash('sha256').update(`${seed}:${key}`).digest('hex')
  return Array.from({ length: count }, (_, key) => ({ key, rank: rank(key) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ key }) => key)
}

const ARTIFACT_ROUNDS = 3

/**
 * A gigabyte up and down on both sides and by the disk alone, in turns and with nothing of the one before left to write;
 * the least of the rounds.
 */
export async function artifactsOf(both: Both, dataDir: string): Promise<Outcome[]> {
  const none = { ours: Number.POSITIVE_INFINITY, theirs: Number.POSITIVE_INFINITY }
  const up = { ...none }
  const down = { ...none }
  let disk = Number.POSITIVE_INFINITY
  for (let round = 0; round < ARTIFACT_ROUNDS; round++) {
    for (const side of ['theirs', 'ours'] as const) {
      const took = await sendAndFetch(both[side], side)
      up[side] = Math.min(up[side], took.up)
      down[side] = Math.min(down[side], took.down)
    }
    disk = Math.min(disk, await timed(() => writeAndSync(join(dataDir, 'disk.bin'))))
  }
  const limit = { ms: disk, of: 'what this disk takes to write and sync it' }
  return [
    { name: 'artifact of 1 GB up', ours: { ms: up.ours }, theirs: { ms: up.theirs }, goal: 2, limit },
    { name: 'artifact of 1 GB down', ours: { ms: down.ours }, theirs: { ms: down.theirs }, goal: 2 },
  ]
}

async function sendAndFetch(client: Both['ours'], side: string): Promise<{ up: number; down: number }> {
  const path = `0/${await newRun(client)}/artifacts/big.bin`
  await promisify(execFile)('sync')
  const up = await timed(() => uploadArtifact(client.server, path, GIGABYTE))
  const down = await timed(async () => {
    const bytes = await downloadArtifact(client.server, path)
    if (bytes !== GIGABYTE) throw new Error(`${side}: ${bytes} bytes came back`)
  })
  return { up, down }
}

const CHUNK = Buffer.alloc(1_048_576, 'modelyard')

async function writeAndSync(path: string): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (let at = 0; at < GIGABYTE; at += CHUNK.length) await file.write(CHUNK)
    await file.sync()
  } finally {
    await file.close()
    await rm(path)
  }
}

import { createHash } from 'node:crypto'
import { doubleOf, textOf } from './exact-json.ts'
import { historyOf, type Point } from './source.ts'
import { type Server, send } from './wire.ts'

const BATCH = 1000
const MASK = 2n ** 64n - 1n

/** A hash of points in any order: servers order those of one instant differently where one is NaN. */
class PointHash {
  #sum = 0n
  count = 0

  add({ value, timestamp, step = 0 }: Point): void {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleBE(doubleOf(value))
    const hash = createHash('sha256')
      .update(`${textOf(timestamp)} ${textOf(step)} `)
      .update(bytes)
      .digest()
    this.#sum = (this.#sum + hash.readBigUInt64BE()) & MASK
    this.count++
  }

  equals(other: PointHash): boolean {
    return this.count === other.count && this.#sum === other.#sum
  }
}

export type Copied = { points: number; differing: string[] }

/** Copy every history of a run, then read each back and compare. Repeating it changes nothing. */
export async function copyPoints(
  servers: { source: Server; target: Server },
  run: { runId: string; keys: readonly string[] },
): Promise<Copied> {
  const { runId, keys } = run
  const batch: object[] = []
  const flush = async () => {
    const metrics = batch.splice(0)
    if (metrics.length > 0)
      await send(servers.target, '/api/2.0/mlflow/runs/log-batch', { body: { run_id: runId, metrics } })
  }
  const hashes = new Map<string, PointHash>()
  for (const key of keys) {
    const hash = new PointHash()
    for await (const point of pointsOf(servers.source, runId, key)) {
      hash.add(point)
      batch.push({ key, value: point.value, timestamp: point.timestamp, step: point.step ?? 0 })
      if (batch.length === BATCH) await flush()
    }
    hashes.set(key, hash)
  }
  await flush()
  let points = 0
  const differing: string[] = []
  for (const [key, hash] of hashes) {
    points += hash.count
    const here = new PointHash()
    for await (const point of pointsOf(servers.target, runId, key)) here.add(point)
    if (!here.equals(hash)) differing.push(key)
  }
  return { points, differing }
}

async function* pointsOf(server: Server, run_id: string, metric_key: string): AsyncGenerator<Point> {
  for await (const { metrics } of historyOf(server, { run_id, metric_key })) yield* metrics ?? []
}

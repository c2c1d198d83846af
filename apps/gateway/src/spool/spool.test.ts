import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Log } from '../log.ts'
import { type Outcome, secondsOf } from './outcome.ts'
import { parseLines, segmentOf } from './segment.ts'
import { Shipper } from './ship.ts'
import { Spool } from './spool.ts'

const silent = () => undefined
const log: Log = { debug: silent, info: silent, warn: silent, error: silent }
let dir: string
const spools: Spool[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'modelyard-spool-test-'))
})
afterEach(() => {
  for (const spool of spools.splice(0)) spool.close()
  rmSync(dir, { recursive: true, force: true })
})

function spoolOf(options: Partial<ConstructorParameters<typeof Spool>[0]> = {}): Spool {
  const spool = new Spool({ dir, bootId: 'boot-1', maxBytes: 1e9, sealAfterMs: 60_000, log, ...options })
  spools.push(spool)
  return spool
}

const outcome = (id: number, width = 3): Outcome => ({
  endpointId: 'ep_1',
  variantId: 'var_1',
  modelVersionId: 'mv_1',
  atMs: 1_000_000 + id,
  latencyMs: id,
  requests: 1,
  error: id % 10 === 0,
  traceId: 't',
  rows: [{ id: `prd_${id}`, features: Array<number>(width).fill(0.123456789), label: 'a', score: 1 }],
})

const idsIn = (spool: Spool) =>
  spool
    .sealed()
    .flatMap((name) => parseLines(spool.read(name)).outcomes.flatMap(({ rows }) => rows.map(({ id }) => id)))

it('adds up seconds by the bounds of the contract', () => {
  const [second] = secondsOf([1, 2, 2.5, 10, 9999].map(outcome))
  expect(second).toMatchObject({ second: 1000, requests: 4, errors: 1 })
  expect(second?.latency.reduce((sum, count) => sum + count, 0)).toBe(4)
  expect(second?.latency[0]).toBe(1)
  expect(second?.latency[2]).toBe(1)
  const rest = secondsOf([{ ...outcome(9999), requests: 1 }])[0]
  expect(rest?.latency.at(-1)).toBe(1)
})

it('keeps order over many segments, none larger than the API takes', async () => {
  const spool = spoolOf()
  const big = Array.from(
    { length: 30 },
    (_, id) => ({ ...outcome(id), rows: Array(100).fill(outcome(id, 50).rows[0]) }) as Outcome,
  )
  for (const item of big) await spool.append(item)
  spool.seal()
  expect(spool.sealed().length).toBeGreaterThan(1)
  for (const name of spool.sealed()) {
    const { outcomes } = parseLines(spool.read(name))
    expect(outcomes.reduce((sum, { rows }) => sum + rows.length, 0)).toBeLessThanOrEqual(2000)
  }
  expect([...new Set(idsIn(spool))]).toEqual(big.map(({ rows }) => rows[0]?.id))
})

it('takes over what an earlier process left, up to the line that was cut', async () => {
  const first = spoolOf()
  await Promise.all([1, 2, 3].map((id) => first.append(outcome(id))))
  // It is killed: nothing of it runs any more.
  spools.splice(0)
  const [open] = readdirSync(dir)
  expect(segmentOf(open ?? '')?.state).toBe('open')
  writeFileSync(join(dir, open ?? ''), `${JSON.stringify(outcome(4))}\n{"endpointId":"ep_`, { flag: 'a' })
  writeFileSync(join(dir, 'notes.txt'), 'not ours')
  const second = spoolOf({ bootId: 'boot-2' })
  expect(idsIn(second)).toEqual(['prd_1', 'prd_2', 'prd_3', 'prd_4'])
  expect(parseLines(second.read(second.sealed()[0] ?? '')).torn).toBe(1)
})

it('gives up the oldest payloads first, then the oldest segments, and counts both', async () => {
  const spool = spoolOf({ maxBytes: 60_000 })
  for (let segment = 0; segment < 6; segment++) {
    await spool.append(outcome(segment, 1000))
    spool.seal()
  }
  await spool.append({ ...outcome(6), rows: Array(2000).fill(outcome(6, 1).rows[0]) } as Outcome)
  await spool.append(outcome(7, 1000))
  const { shedSegments, droppedSegments, bytes } = spool.stats()
  expect(shedSegments).toBeGreaterThan(0)
  expect(droppedSegments).toBeGreaterThan(0)
  expect(bytes).toBeLessThan(200_000)
})

it('serves on when the disk refuses, and counts what it could not keep', async () => {
  const spool = spoolOf()
  rmSync(dir, { recursive: true })
  writeFileSync(dir, 'no folder any more')
  await spool.append(outcome(1))
  expect(spool.stats().lostRows).toBe(1)
  rmSync(dir)
})

it('deletes a segment only after the API took it, and does not let a refused one block the rest', async () => {
  const spool = spoolOf()
  for (const id of [1, 2, 3]) {
    await spool.append(outcome(id))
    spool.seal()
  }
  let down = true
  const taken: number[] = []
  const shipper = new Shipper({
    spool,
    log,
    pollMs: 10,
    isRefused: (error) => error instanceof RangeError,
    ingest: async ({ seq, predictions }) => {
      if (down) throw new Error('no answer')
      if (seq === 2) throw new RangeError('never')
      taken.push(seq)
      return { seq, stored: predictions.length, refused: 0 }
    },
  })
  expect(await shipper.shipAll()).toBe(false)
  expect(spool.sealed()).toHaveLength(3)
  down = false
  expect(await shipper.shipAll()).toBe(true)
  expect(taken).toEqual([1, 3])
  expect(spool.sealed()).toEqual([])
  expect(shipper.stats).toMatchObject({ shipped: 2, refusedSegments: 1 })
})

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Both, Client } from './client.ts'
import { newRun } from './contests.ts'
import { diskTimes } from './disk.ts'
import { metered, type Outcome, type Reading, summed } from './measure.ts'
import { downloadArtifact, uploadArtifact } from './transfer.ts'

const GIGABYTE = 1_073_741_824
const ROUNDS = 5
const GOAL = 2

const WAYS = { up: 'up', down: 'down', again: 'down a second time' } as const
type Way = keyof typeof WAYS
type Trip = Record<Way, Reading>

/**
 * A gigabyte up, down and down again on both sides and by the disk alone, in turns and with nothing of the one before left
 * to write; the least of the rounds.
 */
export async function artifactsOf(both: Both, dataDir: string): Promise<Outcome[]> {
  const trips: { ours: Trip[]; theirs: Trip[] } = { ours: [], theirs: [] }
  const disk = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY }
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of ['theirs', 'ours'] as const) trips[side].push(await sendAndFetch(both[side]))
    const { write, read } = await diskTimes(join(dataDir, 'disk.bin'), GIGABYTE)
    disk.up = Math.min(disk.up, write)
    disk.down = Math.min(disk.down, read)
  }
  return (['up', 'down', 'again'] as const).map((way) => ({
    name: `artifact of 1 GB ${WAYS[way]}`,
    ours: summed(trips.ours.map((trip) => trip[way])),
    theirs: summed(trips.theirs.map((trip) => trip[way])),
    goal: GOAL,
    ...(way === 'again' ? {} : { limit: { ms: disk[way], of: 'the disk' } }),
  }))
}

async function sendAndFetch(client: Client): Promise<Trip> {
  const { server } = client
  const path = `0/${await newRun(client)}/artifacts/big.bin`
  await promisify(execFile)('sync')
  const fetchAll = async () => {
    const bytes = await downloadArtifact(server, path)
    if (bytes !== GIGABYTE) throw new Error(`${server.side}: ${bytes} bytes came back`)
  }
  return {
    up: await metered([server.pid], () => uploadArtifact(server, path, GIGABYTE)),
    down: await metered([server.pid], fetchAll),
    again: await metered([server.pid], fetchAll),
  }
}

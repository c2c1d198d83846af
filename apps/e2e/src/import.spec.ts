import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@playwright/test'
import { type ApiProcess, startApi } from './mlflow/api-process.ts'
import { type PeerServer, startPeer } from './mlflow/peer-server.ts'
import { type Absent, type Client, clientOf, runScript } from './mlflow/python.ts'
import { dataFolder, removeFolder } from './stack.ts'

const PROJECT = 'imported'
// The list of the newest client's tests: one environment serves both.
const COMMON = ['scikit-learn', 'pandas', 'matplotlib', 'pillow', 'psutil']
const PACKAGES = ['mlflow<4', ...COMMON, 'optuna', 'optuna-integration']
const PEER_PORT = 4_877
const cli = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url))

let api: ApiProcess
let client: Client | Absent
let peer: PeerServer | null = null
let home = ''
test.beforeAll(async () => {
  test.setTimeout(600_000)
  client = await clientOf(PACKAGES)
  if ('reason' in client) return
  home = dataFolder()
  mkdirSync(home, { recursive: true })
  peer = await startPeer(client, { home, port: PEER_PORT })
  api = await startApi(PROJECT)
  await runScript(client, 'import_seed.py', { args: [], env: { MLFLOW_TRACKING_URI: peer.url } })
})
test.afterAll(async () => {
  await peer?.stop()
  await api?.stop()
  if (home !== '') removeFolder(home)
})

/** Runs the import; `killAt` ends it with SIGKILL as soon as it says this. */
async function importAll(killAt?: string): Promise<{ code: number | null; text: string }> {
  const { PATH = '', HOME = '' } = process.env
  const flags = ['--from', peer?.url ?? '', '--to', api.url, '--project', PROJECT]
  const env = { PATH, HOME, MODELYARD_API_KEY: api.key }
  const child = spawn(process.execPath, [cli, 'import', 'mlflow', ...flags], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const hear = (bytes: Buffer) => {
    text += bytes.toString()
    if (killAt !== undefined && text.includes(killAt)) child.kill('SIGKILL')
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, text }
}

const needsPython = () => {
  const reason = 'reason' in client ? client.reason : ''
  test.info().skip(reason !== '', `no MLflow server was there to import from: ${reason}`)
}

test("another MLflow server's runs, files and registry come over, through three kills, as its own client sees them", async () => {
  needsPython()
  for (const at of ['experiment vision', 'experiment gone', 'registry']) {
    expect(await importAll(at)).toMatchObject({ code: null })
  }
  const { code, text } = await importAll()
  expect(code, text).toBe(0)
  expect(text).toMatch(/^runs +16 +16 +same$/m)
  expect(text).toMatch(/^versions +3 +3 +same$/m)
  expect(text).not.toContain('DIFFERENT')
  if ('reason' in client) return
  const env = { MLFLOW_TRACKING_URI: api.url, MLFLOW_TRACKING_TOKEN: api.key }
  const compared = await runScript(client, 'import_compare.py', { args: [peer?.url ?? ''], env })
  expect(compared).toEqual({ runs: 16, models: 4, versions: 3 })
})

test('what was lost here since comes again, and all else is passed by', async () => {
  needsPython()
  const headers = { authorization: `Bearer ${api.key}` }
  const base = `${api.url}/projects/${PROJECT}/api/2.0`
  const named = await fetch(`${base}/mlflow/experiments/get-by-name?experiment_name=vision`, { headers })
  const { experiment } = (await named.json()) as { experiment: { experiment_id: string } }
  const body = JSON.stringify({
    experiment_ids: [experiment.experiment_id],
    filter: `params.p1 = '${'x'.repeat(100)}'`,
  })
  const json = { ...headers, 'content-type': 'application/json' }
  const found = await fetch(`${base}/mlflow/runs/search`, { method: 'POST', headers: json, body })
  const { runs } = (await found.json()) as { runs: { info: { run_id: string } }[] }
  const place = `${experiment.experiment_id}/${runs[0]?.info.run_id}`
  const file = `${base}/mlflow-artifacts/artifacts/${place}/artifacts/deep/b%20c.bin`
  expect(await fetch(file, { method: 'DELETE', headers })).toMatchObject({ status: 200 })
  expect(await fetch(file, { headers })).toMatchObject({ status: 404 })
  const { code, text } = await importAll()
  expect(code, text).toBe(0)
  expect(text).toMatch(/comparing: 16 runs, (?:104|2504) points, 4 files/)
  expect(await fetch(file, { headers })).toMatchObject({ status: 200 })
})

test('what cannot come is said, and the exit code says that something differs', async () => {
  needsPython()
  const body = JSON.stringify({ name: 'echo', source: 's3://nowhere/model' })
  const headers = { 'content-type': 'application/json' }
  await fetch(`${peer?.url}/api/2.0/mlflow/model-versions/create`, { method: 'POST', headers, body })
  const { code, text } = await importAll()
  expect(code, text).toBe(1)
  expect(text).toMatch(/^versions +4 +3 +DIFFERENT$/m)
  expect(text).toContain('differs: echo v5: its files at s3://nowhere/model are of no run or logged model')
})

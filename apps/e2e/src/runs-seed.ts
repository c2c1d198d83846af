import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { type Api, PROJECT } from './api.ts'
import type { Ready } from './stack.ts'

export const MANY = 10_000
/** What a name, tag or parameter may hold when somebody means ill. */
export const HOSTILE = '<img src=x onerror="document.title=\'owned\'">'

/** The database of a stack that keeps its own. */
export async function databaseOf(dataDir: string, ready: Ready): Promise<pg.Client> {
  // The ports of a stack stand in a row that begins with the console's; the database's is the tenth.
  const port = Number(new URL(ready.consoleUrl).port) + 9
  const password = readFileSync(join(dataDir, 'data', 'postgres', 'password'), 'utf8').trim()
  const connectionString = `postgres://modelyard:${password}@127.0.0.1:${port}/modelyard`
  const client = new pg.Client({ connectionString })
  await client.connect()
  return client
}

/** Ten thousand runs with four parameters, four metrics and a tag each, in a handful of statements. */
export async function seedRuns(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ project: string; experiment: string }>(
    `select p.id as project, e.id as experiment from project p
     join experiment e on e.project_id = p.id and e.number = 0 where p.slug = $1`,
    [PROJECT],
  )
  const of = [rows[0]?.project, rows[0]?.experiment]
  await client.query(
    `insert into run (id, project_id, experiment_id, name, status, user_name, created_by, created_at, started_at, ended_at)
     select 'run_0' || lpad(n::text, 25, '0'), $1, $2, 'trial-' || lpad(n::text, 5, '0'),
       (array['finished', 'finished', 'finished', 'failed', 'killed'])[1 + n % 5], 'ann',
       '{"kind":"system","id":"seed","label":"seed"}', at, at, at + n % 600 * interval '1 second'
     from generate_series(1, ${MANY}) n, lateral (select timestamptz '2026-01-01' + n * interval '1 minute' as at) t`,
    of,
  )
  await client.query(
    `insert into run_param (run_id, project_id, key, value)
     select r.id, r.project_id, key, value from run r, lateral (select right(r.name, 5)::int as n) s,
       lateral (values ('lr', (array['0.1', '0.01', '0.001'])[1 + n % 3]), ('optimizer', (array['adam', 'sgd'])[1 + n % 2]),
         ('batch size', (16 << n % 4)::text), ('seed', n::text)) p(key, value)
     where r.project_id = $1 and r.name like 'trial-%'`,
    of.slice(0, 1),
  )
  await client.query(
    `insert into run_tag (run_id, project_id, key, value)
     select id, project_id, 'team', case when right(name, 1) = '7' then 'vision' else 'text' end
     from run where project_id = $1 and name like 'trial-%'`,
    of.slice(0, 1),
  )
  await client.query(
    `insert into metric (project_id, run_id, key, last_step, last_at_ms, last_value, points)
     select r.project_id, r.id, key, 100, 1, value, 1 from run r, lateral (select right(r.name, 5)::int as n) s,
       lateral (values ('val_loss', (n * 7919 % 10007) / 10007.0), ('val_f1', (n * 104729 % 10009) / 10009.0),
         ('loss', case when n % 50 = 0 then 'NaN'::float8 else n % 97 / 97.0 end), ('epoch_s', 10 + n % 13)) m(key, value)
     where r.project_id = $1 and r.name like 'trial-%'`,
    of.slice(0, 1),
  )
  await client.query('analyze run, run_param, run_tag, metric')
}

/** MLflow's wire, as a client speaks it. */
export function mlflowOf(ready: Ready) {
  const headers = { authorization: `Bearer ${ready.apiKey}`, 'content-type': 'application/json' }
  const base = `${ready.apiUrl}/projects/${PROJECT}`
  const post = async <T>(path: string, body: unknown): Promise<T> => {
    const answer = await fetch(`${base}/api/2.0/mlflow/${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  return {
    /** Begins a run in the default experiment; answers its 32 digits. */
    begin: async (name: string, tags: Record<string, string> = {}) => {
      const pairs = Object.entries(tags).map(([key, value]) => ({ key, value }))
      const made = await post<{ run: { info: { run_id: string } } }>('runs/create', {
        ...{ experiment_id: '0', run_name: name, start_time: Date.now(), tags: pairs },
      })
      return made.run.info.run_id
    },
    log: (
      hex: string,
      of: { metrics?: [key: string, step: number, value: number | string][]; params?: Record<string, string> },
    ) =>
      post('runs/log-batch', {
        run_id: hex,
        // A millisecond apart: along time each point has a place of its own.
        metrics: (of.metrics ?? []).map(([key, step, value], at) => ({ key, step, value, timestamp: Date.now() + at })),
        params: Object.entries(of.params ?? {}).map(([key, value]) => ({ key, value })),
      }),
    end: (hex: string) => post('runs/update', { run_id: hex, status: 'FINISHED', end_time: Date.now() }),
    put: async (hex: string, path: string, bytes: string | Buffer) => {
      const address = `${base}/api/2.0/mlflow-artifacts/artifacts/0/${hex}/artifacts/${path}`
      const answer = await fetch(address, {
        method: 'PUT',
        headers: { authorization: headers.authorization },
        body: new Uint8Array(Buffer.from(bytes)),
      })
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    },
  }
}

/** The console's id of a run that MLflow knows by its digits. */
export async function idOf(api: Api, name: string): Promise<string> {
  const { items } = await api.runs.rows.query({ project: PROJECT, filter: `attributes.run_name = '${name}'` })
  const [found] = items
  if (!found) throw new Error(`there is no run ${name}`)
  return found.id
}

/** A run as a client logs it, with files and names of people who mean ill. */
export async function logRich(ready: Ready, api: Api): Promise<string> {
  const mlflow = mlflowOf(ready)
  const hex = await mlflow.begin('rich', { origin: HOSTILE })
  const metrics = Array.from({ length: 300 }, (_, step) => ['loss', step, step === 7 ? 'NaN' : 1 / (step + 1)] as const)
  await mlflow.log(hex, { metrics: metrics.map(([...point]) => point), params: { note: HOSTILE, lr: '0.5' } })
  await mlflow.put(hex, 'report.html', `<h1>Report</h1><script>parent.document.title = 'owned'</script>${HOSTILE}`)
  await mlflow.put(hex, 'tables/scores.csv', `name,score\n"${HOSTILE.replaceAll('"', '""')}",1\n`)
  await mlflow.put(hex, 'facts.json', '{"big":9007199254740993,"nan":[1,2]}')
  await mlflow.put(hex, 'notes.txt', HOSTILE)
  await mlflow.put(hex, 'plot.png', Buffer.from(PIXEL, 'base64'))
  await mlflow.put(hex, 'weights.bin', Buffer.from([0, 159, 146, 150]))
  await mlflow.begin(`inner ${HOSTILE}`, { 'mlflow.parentRunId': hex })
  return idOf(api, 'rich')
}
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg=='

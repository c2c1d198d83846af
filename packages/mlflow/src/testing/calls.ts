import { RECEIVER, type Things } from './scene.ts'

/**
 * One request to an endpoint that its caller may make. `least`: the role it takes, where a viewer may not. `foreign`: what
 * somebody of another project gets for it where that is not 404: `empty`, as a search that finds nothing, or `own`, for
 * what names nothing that exists.
 */
export type Allowed = {
  target: string
  body?: unknown
  type?: string
  least?: 'editor' | 'deployer' | 'admin'
  foreign?: 'empty' | 'own'
}

/** By `METHOD route`, as the list of endpoints has them; what an endpoint lacks here fails the build. */
export type Calls = Record<string, Allowed>

const API = '/api/2.0/mlflow'
const FILES = '/api/2.0/mlflow-artifacts'

export function callsOf(things: Things): Calls {
  return {
    ...experimentCalls(things),
    ...runCalls(things),
    ...metricCalls(things),
    ...fileCalls(things),
    ...loggedModelCalls(things),
    ...modelCalls(things),
    ...versionCalls(things),
    ...webhookCalls(things),
    ...serverCalls(),
  }
}

const post = (path: string, body: object, more: Partial<Allowed> = {}) => entry('POST', path, { body, ...more })
const change = (path: string, body: object) => post(path, body, { least: 'editor' })
const get = (path: string, query: string, more: Partial<Allowed> = {}) =>
  entry('GET', path, { target: `${API}${path}?${query}`, ...more })

/** An entry of the catalogue; its target is its path unless that has parameters. */
function entry(method: string, path: string, more: Partial<Allowed>): Calls {
  return { [`${method} ${API}${path}`]: { target: `${API}${path}`, ...more } }
}

function experimentCalls({ experimentId: experiment_id, experimentName }: Things): Calls {
  const search = { max_results: 10, filter: `name = '${experimentName}'` }
  return {
    ...post('/experiments/create', { name: `another ${experimentName}` }, { least: 'editor', foreign: 'own' }),
    ...get('/experiments/get', `experiment_id=${experiment_id}`),
    ...get('/experiments/get-by-name', `experiment_name=${experimentName}`),
    ...post('/experiments/search', search, { foreign: 'empty' }),
    ...get('/experiments/search', 'max_results=10', { foreign: 'empty' }),
    ...change('/experiments/update', { experiment_id, new_name: `renamed ${experimentName}` }),
    ...change('/experiments/set-experiment-tag', { experiment_id, key: 'colour', value: 'blue' }),
    ...change('/experiments/delete-experiment-tag', { experiment_id, key: 'secret' }),
    ...change('/experiments/delete', { experiment_id }),
    ...change('/experiments/restore', { experiment_id }),
    ...post('/experiments/search-datasets', { experiment_ids: [experiment_id] }, { foreign: 'empty' }),
  }
}

function runCalls({ experimentId: experiment_id, runId: run_id, modelId: model_id }: Things): Calls {
  const timestamp = 1_700_000_000_005
  const dataset = { name: 'rows', digest: 'abc', source_type: 'local', source: '{}' }
  const model = { artifact_path: 'model', flavors: {}, utc_time_created: '2026-01-01 00:00:00', run_id }
  return {
    ...change('/runs/create', { experiment_id, start_time: timestamp }),
    ...get('/runs/get', `run_id=${run_id}`),
    ...post('/runs/search', { experiment_ids: [experiment_id], max_results: 10 }, { foreign: 'empty' }),
    ...change('/runs/update', { run_id, status: 'FINISHED', end_time: timestamp }),
    ...change('/runs/log-metric', { run_id, key: 'loss', value: 0.25, timestamp, step: 2 }),
    ...change('/runs/log-parameter', { run_id, key: 'depth', value: '3' }),
    ...change('/runs/set-tag', { run_id, key: 'colour', value: 'blue' }),
    ...change('/runs/delete-tag', { run_id, key: 'secret' }),
    ...change('/runs/log-batch', { run_id, metrics: [{ key: 'acc', value: 'NaN', timestamp }] }),
    ...change('/runs/log-inputs', { run_id, datasets: [{ dataset }], models: [{ model_id }] }),
    ...change('/runs/outputs', { run_id, models: [{ model_id, step: 1 }] }),
    ...change('/runs/log-model', { run_id, model_json: JSON.stringify(model) }),
    ...change('/runs/delete', { run_id }),
    ...change('/runs/restore', { run_id }),
  }
}

function metricCalls({ runId }: Things): Calls {
  const metric = 'metric_key=loss'
  return {
    ...get('/metrics/get-history', `run_id=${runId}&${metric}`, { foreign: 'empty' }),
    ...get('/metrics/get-history-bulk', `run_id=${runId}&${metric}`, { foreign: 'empty' }),
    ...get('/metrics/get-history-bulk-interval', `run_ids=${runId}&${metric}&max_results=5`, { foreign: 'empty' }),
  }
}

function fileCalls({ experimentId, runId, model }: Things): Calls {
  const folder = `${experimentId}/${runId}/artifacts`
  const at = (target: string, more: Partial<Allowed> = {}): Allowed => ({ target, ...more })
  const text = { body: 'text', type: 'text/plain', least: 'editor' } as const
  const part = { body: { path: 'a', num_parts: 2 } }
  const multipart = { ...part, least: 'editor', foreign: 'own' } as const
  return {
    [`PUT ${FILES}/artifacts/{path*}`]: at(`${FILES}/artifacts/${folder}/new.txt`, text),
    [`GET ${FILES}/artifacts/{path*}`]: at(`${FILES}/artifacts/${folder}/dir/secret.txt`),
    [`GET ${FILES}/artifacts`]: at(`${FILES}/artifacts?path=${encodeURIComponent(folder)}`),
    [`DELETE ${FILES}/artifacts/{path*}`]: at(`${FILES}/artifacts/${folder}/dir`, { least: 'editor' }),
    [`POST ${FILES}/mpu/create/{path*}`]: at(`${FILES}/mpu/create/${folder}`, multipart),
    [`POST ${FILES}/mpu/complete/{path*}`]: at(`${FILES}/mpu/complete/${folder}`, multipart),
    [`POST ${FILES}/mpu/abort/{path*}`]: at(`${FILES}/mpu/abort/${folder}`, multipart),
    [`GET ${FILES}/presigned/{path*}`]: at(`${FILES}/presigned/${folder}/dir/secret.txt`, { foreign: 'own' }),
    ...get('/artifacts/list', `run_id=${runId}`),
    'GET /get-artifact': at(`/get-artifact?run_id=${runId}&path=dir/secret.txt`),
    'GET /model-versions/get-artifact': at(`/model-versions/get-artifact?name=${model}&version=1&path=MLmodel`),
  }
}

function loggedModelCalls({ experimentId: experiment_id, modelId: model_id, runId }: Things): Calls {
  const one = `${API}/logged-models/${model_id}`
  const of = (method: string, path: string, more: Partial<Allowed> = {}): Calls => ({
    [`${method} ${API}/logged-models/{model_id}${path}`]: { target: `${one}${path}`, ...more },
  })
  const tag = { target: `${one}/tags/secret`, least: 'editor' } as const
  const directories = { target: `${one}/artifacts/directories?artifact_directory_path=` }
  const files = { target: `${one}/artifacts/files?artifact_file_path=MLmodel` }
  return {
    ...change('/logged-models', { experiment_id, name: 'more', source_run_id: runId }),
    ...post('/logged-models/search', { experiment_ids: [experiment_id] }, { foreign: 'empty' }),
    ...of('GET', ''),
    ...of('PATCH', '', { body: { model_id, status: 'LOGGED_MODEL_READY' }, least: 'editor' }),
    ...of('PATCH', '/tags', { body: { tags: [{ key: 'a', value: 'b' }] }, least: 'editor' }),
    ...of('DELETE', '/tags/{tag_key*}', tag),
    ...of('POST', '/params', { body: { model_id, params: [{ key: 'a', value: 'b' }] }, least: 'editor' }),
    ...of('GET', '/artifacts/directories', directories),
    ...of('GET', '/artifacts/files', files),
    ...of('DELETE', '', { least: 'editor' }),
  }
}

function modelCalls({ model: name }: Things): Calls {
  const body = (line: [method: string, path: string], fields: object, least: Allowed['least'] = 'editor'): Calls =>
    entry(line[0], `/registered-models${line[1]}`, { body: { name, ...fields }, least })
  return {
    ...post('/registered-models/create', { name: `another ${name}` }, { least: 'editor', foreign: 'own' }),
    ...get('/registered-models/get', `name=${name}`),
    ...get('/registered-models/search', 'max_results=10', { foreign: 'empty' }),
    ...get('/registered-models/get-latest-versions', `name=${name}`),
    ...post('/registered-models/get-latest-versions', { name }),
    ...body(['PATCH', '/update'], { description: 'new' }),
    ...body(['POST', '/set-tag'], { key: 'a', value: 'b' }),
    ...body(['DELETE', '/delete-tag'], { key: 'secret' }),
    ...body(['POST', '/alias'], { alias: 'next', version: '1' }),
    ...get('/registered-models/alias', `name=${name}&alias=champion`),
    ...body(['DELETE', '/alias'], { alias: 'champion' }),
    ...body(['POST', '/rename'], { new_name: `renamed ${name}` }),
    ...body(['DELETE', '/delete'], {}, 'deployer'),
  }
}

function versionCalls({ model: name, modelId, runId: run_id }: Things): Calls {
  const body = (line: [method: string, path: string], fields: object, least: Allowed['least'] = 'editor'): Calls =>
    entry(line[0], `/model-versions${line[1]}`, { body: { name, version: '1', ...fields }, least })
  const one = `name=${name}&version=1`
  return {
    ...change('/model-versions/create', { name, source: `models:/${modelId}`, run_id }),
    ...get('/model-versions/get', one),
    ...get('/model-versions/search', 'max_results=10', { foreign: 'empty' }),
    ...get('/model-versions/get-download-uri', one),
    ...body(['PATCH', '/update'], { description: 'new' }),
    ...body(['POST', '/transition-stage'], { stage: 'Staging', archive_existing_versions: false }),
    ...body(['POST', '/set-tag'], { key: 'a', value: 'b' }),
    ...body(['DELETE', '/delete-tag'], { key: 'secret' }),
    ...body(['DELETE', '/delete'], {}, 'deployer'),
  }
}

function webhookCalls({ webhookId }: Things): Calls {
  const one = `${API}/webhooks/${webhookId}`
  const of = (method: string, path: string, more: Partial<Allowed> = {}): Calls => ({
    [`${method} ${API}/webhooks/{webhook_id}${path}`]: { target: `${one}${path}`, ...more },
  })
  const events = [{ entity: 'REGISTERED_MODEL', action: 'CREATED' }]
  const manage = { least: 'admin' } as const
  const made = { name: 'more', url: `http://${RECEIVER}/y`, events }
  return {
    ...post('/webhooks', made, { least: 'admin', foreign: 'own' }),
    ...get('/webhooks', 'max_results=10', { least: 'admin', foreign: 'empty' }),
    ...of('GET', '', manage),
    ...of('POST', '/test', manage),
    ...of('PATCH', '', { body: { description: 'new' }, ...manage }),
    ...of('DELETE', '', manage),
  }
}

function serverCalls(): Calls {
  return {
    'GET /version': { target: '/version', foreign: 'own' },
    'GET /api/3.0/mlflow/server-info': { target: '/api/3.0/mlflow/server-info', foreign: 'own' },
  }
}

import type { TestStage } from '@modelyard/services/testing/context'
import { type Wire, wireOf } from './wire.ts'

/** What a client left behind: every kind of thing that a request can name. */
export type Things = {
  experimentId: string
  experimentName: string
  runId: string
  modelId: string
  model: string
  webhookId: string
}
export type Scene = { things: Things } & Record<'admin' | 'editor' | 'viewer' | 'stranger', Wire>

const API = '/api/2.0/mlflow'
export const SECRET = 'only members know this'
/** Where webhooks of the scene go: an address that needs no DNS, and at which nobody listens. */
export const RECEIVER = '127.0.0.1:9'

/** A project in which somebody logged, registered and uploaded something, its people, and an administrator of another. */
export async function mlflowScene(stage: TestStage): Promise<Scene> {
  const { slug } = stage.project
  const [admin, editor, viewer] = (['admin', 'editor', 'viewer'] as const).map((role) => {
    return wireOf({ ...stage.as(role), webhookAllow: [RECEIVER] }, slug)
  })
  if (!admin || !editor || !viewer) throw new Error('three roles make three wires')
  const stranger = wireOf({ ...stage.stranger, webhookAllow: [RECEIVER] }, stage.elsewhere.slug)
  return { admin, editor, viewer, stranger, things: await leaveThings(admin) }
}

/** Everything over the wire, as a client would. */
export async function leaveThings(send: Wire, name = 'scene'): Promise<Things> {
  const made = async (path: string, body: object, at: string) => {
    const answer = await send('POST', `${API}${path}`, { body })
    if (answer.status !== 200) throw new Error(`${path}: ${answer.bytes.toString()}`)
    return answer.at(at)
  }
  const experimentId = await made('/experiments/create', { name }, 'experiment_id')
  const runBody = { experiment_id: experimentId, run_name: name, start_time: 1_700_000_000_000 }
  const runId = await made('/runs/create', runBody, 'run.info.run_id')
  const point = { key: 'loss', value: 0.5, timestamp: 1_700_000_000_001, step: 1 }
  const secret = [{ key: 'secret', value: SECRET }]
  await made('/runs/log-batch', { run_id: runId, metrics: [point], params: secret, tags: secret }, '')
  await made('/experiments/set-experiment-tag', { experiment_id: experimentId, key: 'secret', value: SECRET }, '')
  const file = { body: SECRET, headers: { 'content-type': 'text/plain' } }
  const files = '/api/2.0/mlflow-artifacts/artifacts'
  await send('PUT', `${files}/${experimentId}/${runId}/artifacts/dir/secret.txt`, file)
  const modelBody = { experiment_id: experimentId, name: 'logged', source_run_id: runId, tags: secret }
  const modelId = await made('/logged-models', modelBody, 'model.info.model_id')
  await send('PUT', `${files}/${experimentId}/models/${modelId}/artifacts/MLmodel`, { ...file, body: 'flavors: {}\n' })
  await made('/runs/outputs', { run_id: runId, models: [{ model_id: modelId, step: 0 }] }, '')
  await send('PATCH', `${API}/logged-models/${modelId}`, { body: { model_id: modelId, status: 'LOGGED_MODEL_READY' } })
  await made('/registered-models/create', { name, tags: secret, description: SECRET }, 'registered_model.name')
  const version = { name, source: `models:/${modelId}`, run_id: runId, tags: secret }
  await made('/model-versions/create', version, 'model_version.version')
  await made('/registered-models/alias', { name, alias: 'champion', version: '1' }, '')
  const hook = { name, url: `http://${RECEIVER}/x`, events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }] }
  const webhookId = await made('/webhooks', hook, 'webhook.webhook_id')
  return { experimentId, experimentName: name, runId, modelId, model: name, webhookId }
}

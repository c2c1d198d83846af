import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { enterProject } from '@modelyard/services'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endpoints } from './endpoints.ts'
import { createMlflowHandler } from './handler.ts'
import { routeOf } from './router.ts'
import { type Calls, callsOf } from './testing/calls.ts'
import { leaveThings, mlflowScene, type Scene, SECRET } from './testing/scene.ts'
import { type Sent, type Wire, wireTo } from './testing/wire.ts'

/** Every method of every endpoint, from the list the router itself is made of. */
const LINES = endpoints.flatMap((endpoint) => endpoint.methods.map((method) => `${method} ${routeOf(endpoint)}`)).sort()

let database: TestDatabase
let stage: TestStage
let scene: Scene
let calls: Calls
/** A handler behind the real door. */
let knock: Wire
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  scene = await mlflowScene(stage)
  calls = callsOf(scene.things)
  const enter = async () => {
    const { principal, scope } = await enterProject(stage.as('viewer'), {
      token: 'my_unknown',
      login: null,
      slug: null,
    })
    return { ...stage.ctx(principal), scope }
  }
  knock = wireTo(createMlflowHandler({ enter, gate: { hosts: [] }, log: stage.as('viewer').log }))
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const methodOf = (line: string) => line.slice(0, line.indexOf(' '))
const callOf = (line: string, from: Calls = calls) => {
  const call = from[line]
  if (!call) throw new Error(`testing/calls.ts lacks an entry for ${line}`)
  const headers: Record<string, string> = call.type === undefined ? {} : { 'content-type': call.type }
  const sent: Sent = call.body === undefined ? {} : { body: call.body, headers }
  return { ...call, method: methodOf(line), sent }
}

test('every endpoint has a call, and every call an endpoint', () => {
  expect(Object.keys(calls).sort()).toEqual(LINES)
})

describe('without a key', () => {
  test.each(LINES)('%s answers 401 and nothing else, by any of its addresses', async (line) => {
    const { method, target, sent } = callOf(line)
    const other = target.replace(/^\/api\//, '/ajax-api/')
    for (const address of [target, other, `/${target}`, `/projects/digits${target}`]) {
      const answer = await knock(method, address, sent)
      expect(answer).toMatchObject({ status: 401, json: { error_code: 'UNAUTHENTICATED' } })
    }
  })

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'TRACE'])(
    '%s of what is no endpoint answers 401 too',
    async (method) => {
      for (const target of ['/api/2.0/mlflow/nothing', '/api/3.0/jobs', '/v1/traces', '/ajax-api/3.0/mlflow/traces'])
        expect((await knock(method, target)).status).toBe(401)
    },
  )
})

describe('in another project', () => {
  test.each(LINES)('%s finds nothing of this one', async (line) => {
    const { method, target, sent, foreign } = callOf(line)
    const answer = await scene.stranger(method, target, sent)
    if (foreign === undefined) expect(answer.status).toBe(404)
    else expect(foreign === 'empty' ? [200] : [200, 501]).toContain(answer.status)
    const said = answer.bytes.toString()
    for (const secret of [SECRET, 'loss', ...(foreign === 'own' ? [] : ['"scene"', 'secret.txt'])])
      expect(said).not.toContain(secret)
  })
})

describe('somebody who may only look', () => {
  test.each(LINES)('%s', async (line) => {
    const { method, target, sent, least } = callOf(line)
    const before = least ? await everything() : ''
    const answer = await scene.viewer(method, target, sent)
    const refused = { status: 403, json: { error_code: 'PERMISSION_DENIED' } }
    if (least && !target.includes('/mpu/')) expect(answer).toMatchObject(refused)
    else expect([200, 501]).toContain(answer.status)
    if (least) expect(await everything()).toBe(before)
  })
})

describe('somebody who may', () => {
  test.each(LINES)('%s', async (line) => {
    const things = await leaveThings(scene.admin, line.replaceAll(/[^\w]+/g, '_'))
    const { method, target, sent, least } = callOf(line, callsOf(things))
    if (line === `POST /api/2.0/mlflow/experiments/restore`)
      await scene.editor('POST', '/api/2.0/mlflow/experiments/delete', { body: { experiment_id: things.experimentId } })
    const isAbove = least !== undefined && least !== 'editor'
    if (isAbove) expect((await scene.editor(method, target, sent)).status).toBe(403)
    const answer = await (isAbove ? scene.admin : scene.editor)(method, target, sent)
    if (answer.status !== 501)
      expect([answer.status, answer.bytes.toString().slice(0, 200)]).toEqual([200, expect.anything()])
  })
})

/** What a training process may change beside the runs of its own job: it makes experiments and registers models. */
const OF_ATTEMPTS = new Set([
  'POST experiments/create',
  'POST experiments/set-experiment-tag',
  'POST registered-models/create',
  'POST registered-models/set-tag',
  'DELETE registered-models/delete-tag',
  'PATCH registered-models/update',
  'POST model-versions/create',
])

describe('the training process of a job that made nothing of all this', () => {
  test.each(LINES)('%s', async (line) => {
    const may = OF_ATTEMPTS.has(line.replace('/api/2.0/mlflow/', ''))
    const things = may ? await leaveThings(scene.admin, `job_${line.replaceAll(/[^\w]+/g, '_')}`) : scene.things
    const { method, target, sent, least } = callOf(line, callsOf(things))
    const answer = await training()(method, target, sent)
    expect(may || least === undefined ? [200, 501] : [403, 409, 501]).toContain(answer.status)
  })
})

/** Past the door, with a token whose attempt has no run in the scene. */
function training(): Wire {
  const { project } = stage
  const ids = { attemptId: 'att_none', jobId: 'job_none', runId: 'run_none', projectId: project.id }
  const ctx = stage.ctx({ kind: 'attempt', ...ids, fence: 1 })
  const enter = async () => ({ ...ctx, scope: { project, role: 'editor' as const } })
  return wireTo(createMlflowHandler({ enter, gate: { hosts: [] }, log: ctx.log }))
}

/** What the scene looks like to those who may see it. */
async function everything(): Promise<string> {
  const seen = await Promise.all(
    LINES.filter((line) => line.startsWith('GET ')).map(async (line) => {
      const { method, target, sent } = callOf(line)
      return (await scene.admin(method, target, sent)).bytes.toString()
    }),
  )
  return seen.join('\n')
}

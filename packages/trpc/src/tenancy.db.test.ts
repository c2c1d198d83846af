import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import type { Ctx } from '@modelyard/services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Allowed, allCalls, call, PATHS } from './testing/calls.ts'
import { type Scene, scene } from './testing/scene.ts'

let database: TestDatabase
let set: Scene
let calls: Record<string, Allowed>
beforeAll(async () => {
  database = await testDatabase()
  set = await scene(database.db)
  calls = allCalls(set)
})
afterAll(async () => {
  set.close()
  await database.drop()
})

const REFUSED = ['FORBIDDEN', 'NOT_FOUND']
const CONSOLE = PATHS.filter((path) => path.startsWith('console.'))
const RUNNER = PATHS.filter((path) => path.startsWith('runner.'))
const GATEWAY = PATHS.filter((path) => path.startsWith('gateway.'))
/** About the caller, not about any project. */
const OWN = ['account.viewer', 'account.keys', 'account.createProject'].map((path) => `console.${path}`)

const allowed = (path: string): Allowed => {
  const found = calls[path]
  if (!found) throw new Error(`${path} has no call in testing/calls.ts`)
  return found
}

test('every procedure has a call that the tests below can forbid', () => {
  expect(Object.keys(calls).sort()).toEqual([...PATHS].sort())
})

describe('an administrator of another project', () => {
  test.each(CONSOLE.filter((path) => !OWN.includes(path) && path !== 'console.runners.createEnrolToken'))(
    'gets nothing of this one from %s',
    async (path) => {
      const { code } = await call(path, set.stage.stranger, allowed(path).input)
      expect(REFUSED).toContain(code)
    },
  )

  const ID = /"(?:[a-z]{2,3}_[0-9a-z]{26}|[0-9a-f]{64})"/
  /** What answers about the caller's own project without a word about the rest. */
  const SAYS_NOTHING: Record<string, unknown> = {
    'console.alerts.list': { items: [], nextCursor: null },
    'console.drift.list': [],
    'console.jobs.list': { items: [], nextCursor: null },
    'console.ledger.list': { items: [], nextCursor: null },
    'console.rollouts.list': { items: [], nextCursor: null },
    'console.runs.list': { items: [], nextCursor: null },
    'console.upload.begin': { state: 'upload', offset: 0 },
    'console.predictions.recordFeedback': { accepted: 0, repeated: 0, refused: [{}] },
  }
  test.each(CONSOLE)('gets nothing by naming its ids in their own project from %s', async (path) => {
    const { input } = allowed(path)
    if (!('project' in input) || !ID.test(JSON.stringify(input))) return
    const { code, answer } = await call(path, set.stage.stranger, { ...input, project: set.stage.elsewhere.slug })
    if (code === 'OK') expect(answer).toMatchObject(SAYS_NOTHING[path] ?? { nothing: 'else may succeed' })
    else expect(REFUSED).toContain(code)
  })
})

describe('somebody who may only look', () => {
  test.each(CONSOLE.filter((path) => !OWN.includes(path)))('changes nothing by %s', async (path) => {
    const { input, changes } = allowed(path)
    const { code } = await call(path, set.stage.as('viewer'), input)
    if (changes) expect(REFUSED).toContain(code)
    else expect(code).toBe('OK')
  })
})

describe('machines', () => {
  const machines = (): Record<string, Ctx> => ({
    runner: set.runner.ctx,
    gateway: set.gateway,
    enrolment: set.enrolment,
  })
  test.each(CONSOLE)('do not call %s', async (path) => {
    for (const ctx of Object.values(machines()))
      expect(REFUSED).toContain((await call(path, ctx, allowed(path).input)).code)
  })

  test.each(RUNNER)('and people who are no runner do not call %s', async (path) => {
    for (const ctx of [set.gateway, set.stage.as('admin')])
      expect((await call(path, ctx, allowed(path).input)).code).toBe('FORBIDDEN')
  })

  test.each(GATEWAY)('and people who are no gateway do not call %s', async (path) => {
    for (const ctx of [set.runner.ctx, set.stage.as('admin'), set.stage.ctx({ kind: 'system', name: 'worker' })])
      expect((await call(path, ctx, allowed(path).input)).code).toBe('FORBIDDEN')
  })
})

describe('a runner with the attempts of another', () => {
  const NAMED = ['runner.finish', ...RUNNER.filter((path) => path.startsWith('runner.attempt.'))]
  test.each(NAMED)('is refused by %s', async (path) => {
    const { code } = await call(path, set.otherRunner.ctx, allowed(path).input)
    expect([...REFUSED, 'CONFLICT']).toContain(code)
  })

  test('is told to end them', async () => {
    const { attemptId } = set.attempt
    const theirs = { sessionId: `session-${set.otherRunner.runnerId}` }
    const beaten = await call('runner.beat', set.otherRunner.ctx, { ...allowed('runner.beat').input, ...theirs })
    expect(beaten.answer).toMatchObject({ fenced: [attemptId] })
    const greeted = await call('runner.hello', set.otherRunner.ctx, { ...allowed('runner.hello').input, ...theirs })
    expect(greeted.answer).toMatchObject({ keep: [], kill: [attemptId] })
  })
})

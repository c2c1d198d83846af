import { tables, upsertMember } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { inProject } from '../access.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { createApiKey } from './api-key.ts'
import { type Entry, enterProject } from './enter.ts'

let database: TestDatabase
let stage: TestStage
/** Of somebody in both projects, of somebody in one, and one bound to a project. */
let both: string
let single: string
let bound: string
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  const { principal } = stage.as('admin')
  const userId = principal.kind === 'user' ? principal.userId : ''
  const seat = { projectId: stage.elsewhere.id, userId, role: 'viewer', now: stage.clock.now() } as const
  await upsertMember(database.db, seat)
  both = await keyOf('both')
  bound = await keyOf('bound', 'digits')
  const lone = await createApiKey(stage.stranger, { ...request('single'), scopes: ['write'] })
  single = lone.secret
})
afterAll(async () => {
  stage.close()
  await database.drop()
})
beforeEach(() => stage.clock.advance(61_000))

const request = (name: string) => ({ name, expiresInDays: 1, idempotencyKey: `key-${name}-0001` })
const keyOf = async (name: string, project?: string) => {
  const input = { ...request(name), scopes: ['write' as const], ...(project && { project }) }
  return (await createApiKey(stage.as('admin'), input)).secret
}
const enter = async (entry: Partial<Entry>) => {
  const { scope } = await enterProject(stage.as('viewer'), { token: null, login: null, slug: null, ...entry })
  return `${scope.project.slug} ${scope.role}`
}

test('a bound key opens its project, whatever the login says', async () => {
  expect(await enter({ token: bound })).toBe('digits admin')
  expect(await enter({ token: bound, login: 'digits-b' })).toBe('digits admin')
  expect(await enter({ token: bound, slug: 'digits' })).toBe('digits admin')
  await expect(enter({ token: bound, slug: 'digits-b' })).rejects.toMatchObject({ code: 'not_found' })
})

test('an unbound key opens what the address names, else what the login names, else the only project there is', async () => {
  expect(await enter({ token: both, slug: 'digits-b', login: 'digits' })).toBe('digits-b viewer')
  expect(await enter({ token: both, login: 'digits-b' })).toBe('digits-b viewer')
  expect(await enter({ token: single, login: 'anybody' })).toBe('digits-b admin')
})

test('an unbound key that opens several and names none is told which there are', async () => {
  const choice = { code: 'invalid', field: 'project', details: { projects: ['digits', 'digits-b'] } }
  await expect(enter({ token: both })).rejects.toMatchObject(choice)
  await expect(enter({ token: both, login: 'nothing' })).rejects.toMatchObject(choice)
})

test('a project of others looks like one that does not exist', async () => {
  const said = (slug: string) => enter({ token: single, slug }).catch((error: Error) => error.message)
  expect((await said('digits')).replace('"digits"', '')).toBe((await said('nothing')).replace('"nothing"', ''))
})

test.each([null, '', 'my_unknown', 'mya_unknown', 'myr_unknown', `my_${'x'.repeat(300)}`])(
  'nobody holds %s',
  async (token) => {
    await expect(enter({ token })).rejects.toMatchObject({ code: 'unauthenticated' })
  },
)

test('the door asks once, notes the use of a key once a minute, and spares the verb asking again', async () => {
  const asked = vi.spyOn(database.pool, 'query')
  const { scope, principal } = await enterProject(stage.as('viewer'), { token: bound, login: null, slug: null })
  expect(asked).toHaveBeenCalledTimes(2)
  await inProject({ ...stage.ctx(principal), scope }, 'digits', 'run.write')
  await enter({ token: bound })
  expect(asked).toHaveBeenCalledTimes(3)
  asked.mockRestore()
  const [key] = await database.db.select().from(tables.apiKey).where(eq(tables.apiKey.name, 'bound'))
  expect(key?.lastUsedAt).toEqual(stage.clock.now())
})

test('a key dies with its time', async () => {
  stage.clock.advance(86_400_000)
  await expect(enter({ token: bound })).rejects.toMatchObject({ code: 'unauthenticated' })
})

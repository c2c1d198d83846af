import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { listLedger } from '../ledger/list.ts'
import { verifyLedger } from '../ledger/verify.ts'
import { createProject } from '../project/create.ts'
import { type TestStage, testStage } from '../testing/context.ts'
import { addMember } from './add-member.ts'
import { createApiKey, listKeys, revokeKey } from './api-key.ts'
import { authenticateToken } from './authenticate.ts'
import { bootstrap } from './bootstrap.ts'
import { listMembers } from './list-members.ts'
import { readViewer } from './viewer.ts'

let database: TestDatabase
let stage: TestStage
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

/** A context for whoever holds the token. */
async function holding(token: string): Promise<Ctx> {
  const principal = await authenticateToken(stage.as('viewer'), token)
  if (!principal) throw new Error('nobody holds this token')
  return stage.ctx(principal)
}

describe('projects', () => {
  const input = {
    slug: 'churn',
    name: 'Churn',
    task: 'binary' as const,
    kpis: [{ metric: 'accuracy' as const, op: '>=' as const, target: 0.9 }],
    idempotencyKey: 'project-churn',
  }

  it('are made once under one key, and their maker administrates them', async () => {
    const made = await createProject(stage.as('viewer'), input)
    expect(await createProject(stage.as('viewer'), input)).toEqual(made)
    expect((await readViewer(stage.as('viewer'))).projects.map(({ slug, role }) => [slug, role])).toContainEqual([
      'churn',
      'admin',
    ])
    await expect(createProject(stage.as('viewer'), { ...input, name: 'Other' })).rejects.toMatchObject({
      code: 'mismatch',
      field: 'idempotencyKey',
    })
    await expect(
      createProject(stage.as('editor'), { ...input, idempotencyKey: 'project-churn-2' }),
    ).rejects.toMatchObject({ code: 'conflict', field: 'slug' })
  })

  it('refuse a goal that makes no sense, naming it', async () => {
    const wrong = { ...input, slug: 'wrong-goal', idempotencyKey: 'project-wrong' }
    for (const kpi of [
      { metric: 'accuracy' as const, op: '<=' as const, target: 0.9 },
      { metric: 'accuracy' as const, op: '>=' as const, target: 90 },
    ]) {
      const call = createProject(stage.as('viewer'), { ...wrong, kpis: [kpi] })
      await expect(call).rejects.toMatchObject({ code: 'invalid', field: 'kpis.0' })
    }
  })

  it('look the same to a stranger whether they exist or not', async () => {
    const foreign = await inProject(stage.stranger, 'digits', 'project.read').catch((error: Error) => error.message)
    const absent = await inProject(stage.stranger, 'nothing', 'project.read').catch((error: Error) => error.message)
    expect(String(foreign).replace('digits', '')).toBe(String(absent).replace('nothing', ''))
  })
})

describe('members', () => {
  it('are added by administrators, with an account made when there is none', async () => {
    const input = {
      project: 'digits',
      email: 'Ada@example.test',
      name: 'Ada',
      role: 'deployer' as const,
      password: 'correct horse battery',
      idempotencyKey: 'member-ada',
    }
    await expect(addMember(stage.as('deployer'), input)).rejects.toMatchObject({ code: 'forbidden' })
    expect(await addMember(stage.as('admin'), input)).toMatchObject({ email: 'ada@example.test', role: 'deployer' })
    await expect(addMember(stage.as('admin'), { ...input, idempotencyKey: 'member-ada-2' })).rejects.toMatchObject({
      code: 'conflict',
      field: 'password',
    })
    expect((await listMembers(stage.as('viewer'), { project: 'digits' })).map(({ name }) => name)).toContain('Ada')
    const stored = JSON.stringify(await database.db.select().from(tables.idempotency))
    expect(stored).not.toContain('correct horse')
  })
})

describe('API keys', () => {
  it('are stored as a hash, hold no more than their scopes, and end when revoked', async () => {
    const made = await createApiKey(stage.as('admin'), {
      project: 'digits',
      name: 'ci',
      scopes: ['read'],
      expiresInDays: 1,
      idempotencyKey: 'key-ci-0001',
    })
    expect(JSON.stringify(await database.db.select().from(tables.apiKey))).not.toContain(made.secret)
    const ctx = await holding(made.secret)
    await expect(inProject(ctx, 'digits', 'project.read')).resolves.toMatchObject({ role: 'admin' })
    await expect(inProject(ctx, 'digits', 'job.submit')).rejects.toMatchObject({ code: 'forbidden' })
    await expect(
      createProject(ctx, { slug: 'by-key', name: 'x', task: 'binary', kpis: [], idempotencyKey: 'by-key-0001' }),
    ).rejects.toMatchObject({ code: 'forbidden' })
    await revokeKey(stage.as('admin'), { id: made.id, idempotencyKey: 'revoke-ci-1' })
    expect(await authenticateToken(stage.as('viewer'), made.secret)).toBeNull()
    expect((await listKeys(stage.as('admin'))).find(({ id }) => id === made.id)?.revokedAt).not.toBeNull()
  })

  it('of one project open no other, and expire', async () => {
    await createProject(stage.as('admin'), {
      slug: 'second',
      name: 'Second',
      task: 'binary',
      kpis: [],
      idempotencyKey: 'project-second',
    })
    const made = await createApiKey(stage.as('admin'), {
      project: 'digits',
      name: 'bound',
      scopes: ['admin'],
      expiresInDays: 1,
      idempotencyKey: 'key-bound-1',
    })
    const ctx = await holding(made.secret)
    await expect(inProject(ctx, 'second', 'project.read')).rejects.toMatchObject({ code: 'not_found' })
    stage.clock.advance(25 * 3_600_000)
    expect(await authenticateToken(stage.as('viewer'), made.secret)).toBeNull()
  })

  it('are not handed out beyond what their maker holds', async () => {
    const input = {
      project: 'digits',
      name: 'more',
      scopes: ['admin' as const],
      expiresInDays: 1,
      idempotencyKey: 'key-more-01',
    }
    await expect(createApiKey(stage.as('editor'), input)).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('the first run', () => {
  const first = {
    adminEmail: 'admin@modelyard.local',
    adminPassword: 'generated-password',
    apiKey: `my_abcdefgh_${'k'.repeat(43)}`,
    gatewayToken: `myg_${'g'.repeat(43)}`,
    enrolToken: `mye_${'e'.repeat(43)}`,
  }

  it('makes everything once, however often it is started', async () => {
    const system = stage.ctx({ kind: 'system', name: 'bootstrap' })
    expect(await bootstrap(system, first)).toEqual({ created: true })
    expect(await bootstrap(system, first)).toEqual({ created: false })
    expect(await authenticateToken(system, first.apiKey)).toMatchObject({
      kind: 'api_key',
      scopes: ['admin'],
      projectId: null,
    })
    expect(await authenticateToken(system, first.gatewayToken)).toMatchObject({ kind: 'gateway' })
    expect(await authenticateToken(system, first.enrolToken)).toMatchObject({ kind: 'enrol' })
    expect(await database.db.select().from(tables.gateway)).toHaveLength(1)
    expect(await authenticateToken(system, 'my_unknown')).toBeNull()
  })
})

describe('the ledger', () => {
  it('verifies, lists by page, forbids changes and shows one that was forced', async () => {
    const viewer = stage.as('viewer')
    expect(await verifyLedger(viewer, { project: 'digits' })).toMatchObject({ verified: true, firstBadSeq: null })
    const page = await listLedger(viewer, { project: 'digits', limit: 1 })
    expect(page.items).toHaveLength(1)
    const next = await listLedger(viewer, { project: 'digits', limit: 50, cursor: page.nextCursor ?? '' })
    expect(next.items[0]?.seq).toBe((page.items[0]?.seq ?? 0) - 1)
    const edit = () =>
      database.db.update(tables.ledgerEntry).set({ summary: 'nothing happened' }).where(eq(tables.ledgerEntry.seq, 1))
    await expect(edit()).rejects.toThrow()
    await database.db.execute(sql`alter table ledger_entry disable trigger ledger_entry_append_only`)
    await edit()
    expect(await verifyLedger(viewer, { project: 'digits' })).toMatchObject({ verified: false, firstBadSeq: 1 })
    await expect(verifyLedger(stage.stranger, { project: 'digits' })).rejects.toMatchObject({ code: 'not_found' })
  })
})

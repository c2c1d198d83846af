import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDiskStore } from '@modelyard/artifacts'
import { type Db, insertAccount, insertDefaultExperiment, tables, upsertMember } from '@modelyard/db'
import { formatId, type Kpi, type Role } from '@modelyard/domain'
import { inspectModel } from '@modelyard/inference'
import type { Project } from '../access.ts'
import type { Ctx, Principal } from '../context.ts'
import type { Happened } from '../happened.ts'
import { createRunCache } from '../search/run-cache.ts'
import { sealWith } from '../wiring.ts'

/** Ids stay unique across all contexts of a process and sort in the order they were made. */
let counter = 0
const START = Date.parse('2026-03-02T09:00:00Z')

export type TestBench = {
  /** Stands still until moved. */
  clock: { now: () => Date; advance: (ms: number) => void }
  /** A context for any caller; all share clock, ids, store and the lists of nudges and events. */
  ctx: (principal: Principal) => Ctx
  nudges: { topic: string; id: string }[]
  events: Happened[]
  /** Removes the temporary blob store. */
  close: () => void
}

/** What every verb's test needs: a fixed clock, counted ids, a real disk store and the real model inspection. */
export function testBench(db: Db): TestBench {
  const dir = mkdtempSync(join(tmpdir(), 'modelyard-blobs-'))
  let nowMs = START
  const nudges: TestBench['nudges'] = []
  const events: Happened[] = []
  const shared: Omit<Ctx, 'principal'> = {
    db,
    now: () => new Date(nowMs),
    newId: (prefix) => formatId(prefix, nowMs, countedBytes(10)),
    newSecret: () => createHash('sha256').update(countedBytes(10)).digest('base64url'),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    blobs: createDiskStore({ dir }),
    runCache: createRunCache({ maxBytes: 1_000_000 }),
    log: { info: () => {}, warn: () => {}, error: () => {} },
    traceparent: () => null,
    inspectModel: async (bytes) => inspectModel(bytes),
    hashPassword: async (password) => `sha256:${createHash('sha256').update(password).digest('hex')}`,
    seal: sealWith('secret of the tests'),
    happened: (event) => void events.push(event),
    nudge: async (topic, id) => void nudges.push({ topic, id }),
    webhookAllow: [],
    consoleUrl: 'http://127.0.0.1:3000',
  }
  return {
    clock: {
      now: shared.now,
      advance: (ms) => {
        nowMs += ms
      },
    },
    ctx: (principal) => ({ ...shared, principal }),
    nudges,
    events,
    close: () => rmSync(dir, { recursive: true, force: true }),
  }
}

export type TestStage = TestBench & {
  project: Project
  /** A signed-in person with that role in the project; the same person each time. */
  as: (role: Role) => Ctx
  /** One more person with that role, for what takes two. */
  another: (role: Role) => Promise<Ctx>
  /** Signed in, but a member of `elsewhere` only, where they are its administrator. */
  stranger: Ctx
  elsewhere: Project
}

/** A bench with two projects (of the given slug and `<slug>-b`) and a person of every role. */
export async function testStage(
  db: Db,
  setting: { slug?: string; kpis?: Kpi[]; task?: Project['task'] } = {},
): Promise<TestStage> {
  const bench = testBench(db)
  const slug = setting.slug ?? 'digits'
  const project = await makeProject(bench, { slug, kpis: setting.kpis ?? [], task: setting.task ?? 'multiclass' })
  const elsewhere = await makeProject(bench, { slug: `${slug}-b`, kpis: [], task: 'multiclass' })
  const another = (role: Role) => makePerson(bench, project, role)
  const people = {
    viewer: await another('viewer'),
    editor: await another('editor'),
    deployer: await another('deployer'),
    admin: await another('admin'),
  }
  const stranger = await makePerson(bench, elsewhere, 'admin')
  return { ...bench, project, as: (role) => people[role], another, stranger, elsewhere }
}

const system: Principal = { kind: 'system', name: 'test' }

async function makeProject(bench: TestBench, row: Pick<Project, 'slug' | 'kpis' | 'task'>): Promise<Project> {
  const { db, newId, now } = bench.ctx(system)
  const [made] = await db
    .insert(tables.project)
    .values({ ...row, id: newId('prj'), name: row.slug, createdAt: now() })
    .returning()
  if (!made) throw new Error('the project was not returned')
  await insertDefaultExperiment(db, { id: newId('exp'), projectId: made.id, now: now() })
  return made
}

async function makePerson(bench: TestBench, project: Project, role: Role): Promise<Ctx> {
  const { db, newId, now } = bench.ctx(system)
  const userId = newId('usr')
  const person = { name: `${role} of ${project.slug}`, email: `${userId}@example.test` }
  const account = { userId, accountId: newId('mem'), ...person, passwordHash: 'none', isOwner: false, now: now() }
  await insertAccount(db, account)
  await upsertMember(db, { projectId: project.id, userId, role, now: now() })
  return bench.ctx({ kind: 'user', userId, ...person })
}

function countedBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length)
  bytes.writeUIntBE(++counter, length - 6, 6)
  return bytes
}

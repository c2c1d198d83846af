import { type Db, insertBlobAccess, tables } from '@modelyard/db'
import { hexOfId, type IdPrefix } from '@modelyard/domain'
import { and, eq } from 'drizzle-orm'
import type { TestStage } from './context.ts'

export type Logged = { id: string; hex: string }
export type RegistryStage = {
  /** A finished run of the Default experiment with these files and metrics. */
  run: (files?: Files, metrics?: Record<string, number>) => Promise<Logged>
  /** A logged model, of a run where one is named. */
  loggedModel: (files: Files, of?: { runId?: string; name?: string }) => Promise<Logged>
  /** Put files there as a client uploads them; the same path again replaces what stood there. */
  upload: (ownerId: string, files: Files) => Promise<void>
}
type Files = Record<string, string | Uint8Array>

/** What a client logged before it registers a model, straight in the tables. */
export function registryStage(db: Db, stage: TestStage): RegistryStage {
  const { blobs, newId, now } = stage.as('editor')
  const projectId = stage.project.id
  const by = { kind: 'system', id: 'test', label: 'test' } as const
  const upload: RegistryStage['upload'] = async (ownerId, files) => {
    for (const [path, content] of Object.entries(files)) {
      const blob = await blobs.put(Buffer.from(content))
      await insertBlobAccess(db, { projectId, ...blob, now: now() })
      const row = { id: newId('art'), projectId, ownerId, path, kind: 'file', createdAt: now() }
      await db
        .insert(tables.artifact)
        .values({ ...row, ...blob, mediaType: 'application/octet-stream' })
        .onConflictDoUpdate({ target: [tables.artifact.ownerId, tables.artifact.path], set: blob })
    }
  }
  const made = (prefix: IdPrefix) => {
    const id = newId(prefix)
    return { id, hex: hexOfId(id) }
  }
  const run: RegistryStage['run'] = async (files = {}, metrics = {}) => {
    const { id, hex } = made('run')
    const experimentId = await defaultExperiment(db, projectId)
    const row = { id, projectId, experimentId, name: 'a run', status: 'finished' as const, codeCommit: 'c0ffee' }
    await db.insert(tables.run).values({ ...row, createdBy: by, createdAt: now(), startedAt: now() })
    for (const [key, lastValue] of Object.entries(metrics))
      await db
        .insert(tables.metric)
        .values({ projectId, runId: id, key, lastStep: 0n, lastAtMs: 0n, lastValue, points: 1 })
    await upload(id, files)
    return { id, hex }
  }
  const loggedModel: RegistryStage['loggedModel'] = async (files, { runId, name = 'model' } = {}) => {
    const { id, hex } = made('lm')
    const experimentId = await defaultExperiment(db, projectId)
    const row = { id, projectId, experimentId, name, status: 'ready' as const, sourceRunId: runId ?? null }
    await db.insert(tables.loggedModel).values({ ...row, createdBy: by, createdAt: now(), updatedAt: now() })
    await upload(id, files)
    return { id, hex }
  }
  return { run, loggedModel, upload }
}

async function defaultExperiment(db: Db, projectId: string): Promise<string> {
  const { experiment } = tables
  const [found] = await db
    .select({ id: experiment.id })
    .from(experiment)
    .where(and(eq(experiment.projectId, projectId), eq(experiment.number, 0)))
  if (!found) throw new Error('the project has no Default experiment')
  return found.id
}

import { and, eq, inArray, notInArray, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { nextRevision } from '../run/revision.ts'
import {
  experiment,
  experimentTag,
  loggedModel,
  loggedModelMetric,
  loggedModelParam,
  loggedModelTag,
  model,
  modelVersion,
  modelVersionTag,
  run,
  runParam,
  runTag,
} from '../schema/index.ts'

type Pair = { key: string; value: string }

/** Rows of one statement; the driver takes at most 65,535 values. */
const CHUNK = 5_000
const inChunks = async <T>(rows: readonly T[], write: (part: T[]) => Promise<unknown>): Promise<void> => {
  for (let from = 0; from < rows.length; from += CHUNK) await write(rows.slice(from, from + CHUNK))
}
const inOrder = (pairs: readonly Pair[]): Pair[] =>
  [...new Map(pairs.map(({ key, value }) => [key, value]))]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => ({ key, value }))

/** The experiment of that name, made with these times when there is none; one that stood here keeps its own. */
export async function upsertImportedExperiment(
  db: Db,
  row: typeof experiment.$inferInsert & { tags: readonly Pair[] },
): Promise<{ id: string; number: number }> {
  const { tags, ...experimentRow } = row
  const { projectId, deletedAt } = row
  const [found] = await db
    .insert(experiment)
    .values({ ...experimentRow, deletedAt: null })
    .onConflictDoUpdate({ target: [experiment.projectId, experiment.name], set: { name: row.name } })
    .returning({ id: experiment.id, number: experiment.number })
  if (!found) throw new Error('the experiment was not returned')
  await inChunks(inOrder(tags), (part) =>
    db
      .insert(experimentTag)
      .values(part.map((tag) => ({ ...tag, projectId, experimentId: found.id })))
      .onConflictDoUpdate({
        target: [experimentTag.experimentId, experimentTag.key],
        set: { value: sql`excluded.value` },
      }),
  )
  // Each project's Default is there for whoever names none.
  if (found.number > 0)
    await db
      .update(experiment)
      .set({ deletedAt: deletedAt ?? null })
      .where(eq(experiment.id, found.id))
  return found
}

/** Make the run or bring it to this state. False when the id is taken by a run that was not imported from `from`. */
export async function upsertImportedRun(
  db: Db,
  args: { row: typeof run.$inferInsert; params: readonly Pair[]; tags: readonly Pair[]; from: Pair },
): Promise<boolean> {
  const { row, from } = args
  const { name, status, userName, startedAt, endedAt, experimentId } = row
  const owner = { runId: row.id, projectId: row.projectId }
  const isNew = (await db.insert(run).values(row).onConflictDoNothing().returning({ id: run.id })).length > 0
  if (isNew) await db.insert(runTag).values({ ...owner, ...from })
  const [mark] = await db
    .select({ value: runTag.value })
    .from(runTag)
    .where(and(eq(runTag.runId, row.id), eq(runTag.projectId, row.projectId), eq(runTag.key, from.key)))
    .for('update')
  if (mark?.value !== from.value) return false
  await db
    .update(run)
    .set({ name, status, userName, startedAt, endedAt, experimentId, deletedAt: null, revision: nextRevision })
    .where(eq(run.id, row.id))
  const params = inOrder(args.params)
  const tags = inOrder([...args.tags, from])
  await db.delete(runParam).where(and(eq(runParam.runId, row.id), notInArray(runParam.key, keysOf(params))))
  await db.delete(runTag).where(and(eq(runTag.runId, row.id), notInArray(runTag.key, keysOf(tags))))
  const set = { value: sql`excluded.value` }
  await inChunks(params, (part) =>
    db
      .insert(runParam)
      .values(part.map((pair) => ({ ...owner, ...pair })))
      .onConflictDoUpdate({ target: [runParam.runId, runParam.key], set }),
  )
  await inChunks(tags, (part) =>
    db
      .insert(runTag)
      .values(part.map((pair) => ({ ...owner, ...pair })))
      .onConflictDoUpdate({ target: [runTag.runId, runTag.key], set }),
  )
  return true
}

const keysOf = (pairs: readonly Pair[]): string[] => ['', ...pairs.map(({ key }) => key)]

/** The same for a logged model, whose metrics come with it. */
export async function upsertImportedLoggedModel(
  db: Db,
  args: {
    row: typeof loggedModel.$inferInsert
    params: readonly Pair[]
    tags: readonly Pair[]
    metrics: readonly Omit<typeof loggedModelMetric.$inferInsert, 'loggedModelId' | 'projectId'>[]
    from: Pair
  },
): Promise<boolean> {
  const { row, from } = args
  const { name, status, statusMessage, modelType, sourceRunId, updatedAt, experimentId } = row
  const owner = { loggedModelId: row.id, projectId: row.projectId }
  const made = await db.insert(loggedModel).values(row).onConflictDoNothing().returning({ id: loggedModel.id })
  if (made.length > 0) await db.insert(loggedModelTag).values({ ...owner, ...from })
  const [mark] = await db
    .select({ value: loggedModelTag.value })
    .from(loggedModelTag)
    .where(
      and(
        eq(loggedModelTag.loggedModelId, row.id),
        eq(loggedModelTag.projectId, row.projectId),
        eq(loggedModelTag.key, from.key),
      ),
    )
    .for('update')
  if (mark?.value !== from.value) return false
  await db
    .update(loggedModel)
    .set({ name, status, statusMessage, modelType, sourceRunId, updatedAt, experimentId, deletedAt: null })
    .where(eq(loggedModel.id, row.id))
  const params = inOrder(args.params)
  const tags = inOrder([...args.tags, from])
  await db.delete(loggedModelParam).where(eq(loggedModelParam.loggedModelId, row.id))
  await db.delete(loggedModelTag).where(eq(loggedModelTag.loggedModelId, row.id))
  await inChunks(params, (part) => db.insert(loggedModelParam).values(part.map((pair) => ({ ...owner, ...pair }))))
  await inChunks(tags, (part) => db.insert(loggedModelTag).values(part.map((pair) => ({ ...owner, ...pair }))))
  await inChunks(args.metrics, (part) =>
    db
      .insert(loggedModelMetric)
      .values(part.map((metric) => ({ ...owner, ...metric })))
      .onConflictDoNothing(),
  )
  return true
}

/** Say that a run or logged model is whole. False when there is none of that id that came from there. */
export async function sealImported(
  db: Db,
  args: { projectId: string; id: string; from: Pair; seal: Pair; deletedAt: Date | null },
): Promise<boolean> {
  const { projectId, id, from, seal, deletedAt } = args
  if (id.startsWith('run_')) {
    const [mark] = await db
      .select()
      .from(runTag)
      .where(and(eq(runTag.runId, id), eq(runTag.projectId, projectId), eq(runTag.key, from.key)))
    if (mark?.value !== from.value) return false
    await db.update(run).set({ deletedAt, revision: nextRevision }).where(eq(run.id, id))
    await db
      .insert(runTag)
      .values({ runId: id, projectId, ...seal })
      .onConflictDoUpdate({ target: [runTag.runId, runTag.key], set: { value: seal.value } })
    return true
  }
  const [mark] = await db
    .select()
    .from(loggedModelTag)
    .where(
      and(
        eq(loggedModelTag.loggedModelId, id),
        eq(loggedModelTag.projectId, projectId),
        eq(loggedModelTag.key, from.key),
      ),
    )
  if (mark?.value !== from.value) return false
  await db.update(loggedModel).set({ deletedAt }).where(eq(loggedModel.id, id))
  await db
    .insert(loggedModelTag)
    .values({ loggedModelId: id, projectId, ...seal })
    .onConflictDoUpdate({ target: [loggedModelTag.loggedModelId, loggedModelTag.key], set: { value: seal.value } })
  return true
}

export async function stampModel(db: Db, args: { id: string; createdAt: Date; updatedAt: Date }): Promise<void> {
  const { createdAt, updatedAt } = args
  await db.update(model).set({ createdAt, updatedAt }).where(eq(model.id, args.id))
}

/** Number, times and stage of a version of a locked model. False when there is no such version, or the number is taken. */
export async function stampModelVersion(
  db: Db,
  args: {
    modelId: string
    registeredAs: number
    version: number
    mlflowStage: 'None' | 'Staging' | 'Production' | 'Archived'
    createdAt: Date
    updatedAt: Date
    mark: string
  },
): Promise<string | null> {
  const { modelId, registeredAs, version, mlflowStage, createdAt, updatedAt } = args
  const rows = await db
    .select({ id: modelVersion.id, version: modelVersion.version })
    .from(modelVersion)
    .where(and(eq(modelVersion.modelId, modelId), inArray(modelVersion.version, [registeredAs, version])))
  const found = rows.find((row) => row.version === registeredAs)
  if (!found || rows.some((row) => row.version === version && row.id !== found.id)) return null
  await db.update(modelVersion).set({ version, mlflowStage, createdAt, updatedAt }).where(eq(modelVersion.id, found.id))
  await db
    .delete(modelVersionTag)
    .where(and(eq(modelVersionTag.modelVersionId, found.id), eq(modelVersionTag.key, args.mark)))
  return found.id
}

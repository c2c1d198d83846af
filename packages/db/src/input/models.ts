import { and, eq, inArray } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { loggedModel, run, runModel, runTag } from '../schema/index.ts'

export type ModelLink = { loggedModelId: string; step: bigint }

/** A run that something is about to name: it cannot be deleted before the transaction ends. */
export async function shareRun(db: Db, args: { projectId: string; id: string }) {
  const [row] = await db
    .select({ id: run.id, experimentId: run.experimentId, jobId: run.jobId, deletedAt: run.deletedAt })
    .from(run)
    .where(and(eq(run.projectId, args.projectId), eq(run.id, args.id)))
    .for('share')
  return row ?? null
}

/** Those of the ids that are logged models of the project, deleted ones too. */
export async function listKnownModels(
  db: Db,
  args: { projectId: string; ids: readonly string[] },
): Promise<Set<string>> {
  if (args.ids.length === 0) return new Set()
  const rows = await db
    .select({ id: loggedModel.id })
    .from(loggedModel)
    .where(and(eq(loggedModel.projectId, args.projectId), inArray(loggedModel.id, [...args.ids])))
  return new Set(rows.map(({ id }) => id))
}

/** Say that a run read or wrote these models; saying it again changes nothing. The transaction moves the run's revision. */
export async function linkModels(
  db: Db,
  args: {
    projectId: string
    runId: string
    direction: 'input' | 'output'
    models: readonly ModelLink[]
    now: Date
  },
): Promise<void> {
  const { projectId, runId, direction, now } = args
  if (args.models.length === 0) return
  await db
    .insert(runModel)
    .values(args.models.map((model) => ({ ...model, projectId, runId, direction, createdAt: now })))
    .onConflictDoNothing()
}

/** Append to the JSON list that a tag of a run holds; an entry with the same `model_uuid` is there once. Of a held run. */
export async function appendToRunTag(
  db: Db,
  args: { projectId: string; runId: string; key: string; entry: Record<string, unknown> },
): Promise<void> {
  const { projectId, runId, key, entry } = args
  const where = and(eq(runTag.runId, runId), eq(runTag.key, key))
  const first = { runId, projectId, key, value: JSON.stringify([entry]) }
  const made = await db.insert(runTag).values(first).onConflictDoNothing().returning({ key: runTag.key })
  if (made.length > 0) return
  const [held] = await db.select({ value: runTag.value }).from(runTag).where(where).for('update')
  const entries = listOf(held?.value)
  if (entry.model_uuid !== undefined && entries.some((other) => other.model_uuid === entry.model_uuid)) return
  await db
    .update(runTag)
    .set({ value: JSON.stringify([...entries, entry]) })
    .where(where)
}

/** What a client put there by hand may be no list; then there is none. */
function listOf(value: string | undefined): Record<string, unknown>[] {
  try {
    const parsed: unknown = JSON.parse(value ?? '[]')
    return Array.isArray(parsed) ? parsed.filter((each) => typeof each === 'object' && each !== null) : []
  } catch {
    return []
  }
}

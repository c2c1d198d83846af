import type { ImportModel, ImportModelVersion, RecordImport } from '@modelyard/contracts'
import { lockModelNamed, stampModel, stampModelVersion } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { inImportingProject, VERSION_TAG } from './mark.ts'

type Done = { done: true }
const done = { done: true } as const

/** Give a registered model the times it has there. */
export async function importModel(ctx: Ctx, input: z.output<typeof ImportModel>): Promise<Done> {
  const { project } = await inImportingProject(ctx, input)
  const { name } = input
  return mutate(ctx, { verb: 'import.model', projectId: project.id }, async (tx) => {
    const model = await lockModelNamed(tx, { projectId: project.id, name })
    if (!model) return refuse('not_found', `there is no registered model "${name}"`, { field: 'name' })
    await stampModel(tx, { id: model.id, ...timesOf(input) })
    const summary = `Model ${name} imported from ${input.from}`
    const target = { targetKind: 'model', targetId: model.id }
    return {
      answer: done,
      note: { action: 'model.imported', ...target, summary },
      changes: [{ noun: 'model', id: model.id }],
    }
  })
}

/** Give a version that was just registered here the number, stage and times it has there. */
export async function importModelVersion(ctx: Ctx, input: z.output<typeof ImportModelVersion>): Promise<Done> {
  const { project } = await inImportingProject(ctx, input)
  const { name, registeredAs, version, stage } = input
  return mutate(ctx, { verb: 'import.model_version', projectId: project.id }, async (tx) => {
    const model = await lockModelNamed(tx, { projectId: project.id, name })
    if (!model) return refuse('not_found', `there is no registered model "${name}"`, { field: 'name' })
    const stamp = { modelId: model.id, registeredAs, version, mlflowStage: stage, mark: VERSION_TAG }
    const id = await stampModelVersion(tx, { ...stamp, ...timesOf(input) })
    if (id === null)
      return refuse('conflict', `${name} has no version ${registeredAs}, or another is its version ${version}`, {
        field: 'version',
      })
    const summary = `Model ${name} v${version} imported from ${input.from}`
    const target = { targetKind: 'model_version', targetId: id }
    return {
      answer: done,
      note: { action: 'model.version_imported', ...target, summary, detail: { registeredAs, stage } },
      changes: [{ noun: 'model_version', id }],
    }
  })
}

const timesOf = ({ createdAtMs, updatedAtMs }: { createdAtMs: number; updatedAtMs: number }) => ({
  createdAt: new Date(createdAtMs),
  updatedAt: new Date(updatedAtMs),
})

/** Note in the ledger what an import brought, and what of it differs from the other server. */
export async function recordImport(ctx: Ctx, input: z.output<typeof RecordImport>): Promise<Done> {
  const { project } = await inImportingProject(ctx, input)
  const { from, counts, differences } = input
  return mutate(ctx, { verb: 'import.record', projectId: project.id }, async () => {
    const verdict = differences.length === 0 ? 'nothing differs' : `${differences.length} differ`
    const summary = `MLflow server ${from} imported: ${counts.runs ?? 0} runs, ${counts.versions ?? 0} versions; ${verdict}`
    const detail = { from, counts, differences: differences.slice(0, 100) }
    return {
      answer: done,
      note: { action: 'import.recorded', targetKind: 'project', targetId: project.id, summary, detail },
      changes: [],
    }
  })
}

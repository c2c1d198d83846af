import {
  type Db,
  deleteExperimentTag as deleteTagRow,
  type ExperimentRow,
  findExperiment,
  holdExperiment,
  setExperimentTags,
  setRunsDeleted,
  updateExperiment,
  violates,
} from '@modelyard/db'
import { type Pair, refuse } from '@modelyard/domain'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { refuseTaken } from './create.ts'
import { type ExperimentRef, noExperiment } from './read.ts'

type Done = { summary: string; detail?: Record<string, unknown> }

/** Give an experiment another name. @throws Refusal `conflict` when it is taken, `invalid` for a deleted experiment */
export async function renameExperiment(ctx: Ctx, input: ExperimentRef & { name: string }): Promise<void> {
  const { name } = input
  await changing(ctx, { ...input, action: 'renamed' }, async (tx, row) => {
    requireActive(row)
    const holder = await findExperiment(tx, { projectId: row.projectId, name })
    if (holder && holder.id !== row.id) refuseTaken(name)
    await updateExperiment(tx, { id: row.id, change: { name }, now: ctx.now() }).catch((error: unknown) => {
      if (violates(error, 'experiment_name')) refuseTaken(name)
      throw error
    })
    return { summary: `Experiment ${row.name} renamed ${name}`, detail: { was: row.name, name } }
  })
}

/** Put an experiment away with all its runs; its name stays taken. @throws Refusal `not_found` for a deleted one too */
export async function deleteExperiment(ctx: Ctx, input: ExperimentRef): Promise<void> {
  await changing(ctx, { ...input, action: 'deleted' }, async (tx, row) => {
    if (row.deletedAt) noExperiment(row.number)
    await setDeleted(tx, row, { at: ctx.now(), now: ctx.now() })
    return { summary: `Experiment ${row.name} deleted with its runs` }
  })
}

/** Bring an experiment back with all its runs, those too that had been deleted before. @throws Refusal `not_found` */
export async function restoreExperiment(ctx: Ctx, input: ExperimentRef): Promise<void> {
  await changing(ctx, { ...input, action: 'restored' }, async (tx, row) => {
    if (!row.deletedAt) refuse('not_found', `No deleted experiment with id=${row.number}`, { field: 'experiment_id' })
    await setDeleted(tx, row, { at: null, now: ctx.now() })
    return { summary: `Experiment ${row.name} restored with its runs` }
  })
}

async function setDeleted(tx: Db, row: ExperimentRow, times: { at: Date | null; now: Date }): Promise<void> {
  await updateExperiment(tx, { id: row.id, change: { deletedAt: times.at }, now: times.now })
  await setRunsDeleted(tx, { experimentId: row.id, at: times.at })
}

/** Set a tag of an experiment. @throws Refusal `not_found`, and `invalid` for a deleted one */
export async function setExperimentTag(ctx: Ctx, input: ExperimentRef & Pair): Promise<void> {
  const { key, value } = input
  await changing(ctx, { ...input, action: 'tagged' }, async (tx, row) => {
    requireActive(row)
    await setExperimentTags(tx, { projectId: row.projectId, experimentId: row.id, tags: [{ key, value }] })
    await updateExperiment(tx, { id: row.id, change: {}, now: ctx.now() })
    return { summary: `Experiment ${row.name} tagged ${key}`, detail: { key, value } }
  })
}

/** Take a tag off an experiment. @throws Refusal `not_found` for a tag it has not, `invalid` for a deleted experiment */
export async function deleteExperimentTag(ctx: Ctx, input: ExperimentRef & { key: string }): Promise<void> {
  const { key } = input
  await changing(ctx, { ...input, action: 'untagged' }, async (tx, row) => {
    requireActive(row)
    if (!(await deleteTagRow(tx, { experimentId: row.id, key }))) {
      refuse('not_found', `No tag with name: ${key} in experiment with id ${row.number}`, { field: 'key' })
    }
    await updateExperiment(tx, { id: row.id, change: {}, now: ctx.now() })
    return { summary: `Experiment ${row.name} lost its tag ${key}`, detail: { key } }
  })
}

function requireActive(row: ExperimentRow): void {
  if (row.deletedAt) refuse('invalid', `the experiment ${row.number} is deleted`, { field: 'experiment_id' })
}

/** The frame of every change to one experiment: held against other writers, and audited. */
async function changing(
  ctx: Ctx,
  args: ExperimentRef & { action: 'renamed' | 'deleted' | 'restored' | 'tagged' | 'untagged' },
  work: (tx: Db, row: ExperimentRow) => Promise<Done>,
): Promise<void> {
  const { project } = await inProject(ctx, args.project, 'run.write')
  if (ctx.principal.kind === 'attempt' && args.action !== 'tagged') {
    refuse('forbidden', 'a training process may make and tag experiments; it may not change those of others')
  }
  await mutate(ctx, { verb: `experiment.${args.action}`, projectId: project.id }, async (tx) => {
    const row = await holdExperiment(tx, { projectId: project.id, number: args.experiment })
    if (!row) return noExperiment(args.experiment)
    const { summary, detail } = await work(tx, row)
    return {
      answer: undefined,
      note: { action: `experiment.${args.action}`, targetKind: 'experiment', targetId: row.id, summary, detail },
      changes: [{ noun: 'experiment', id: row.id }],
    }
  })
}

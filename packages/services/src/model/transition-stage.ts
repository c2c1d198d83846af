import { archiveOthers, patchModel, patchVersion } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import { happenedToRegistry } from '../webhook/event.ts'
import { changeVersion, type OnVersion } from './change.ts'
import { requireStage } from './record.ts'

type Input = OnVersion & { stage: string; archiveExisting: boolean }

/** Set MLflow's stage of a version, a label that allows nothing; the others in that stage may be archived along. */
export async function transitionStage(ctx: Ctx, input: Input): Promise<{ id: string }> {
  const stage = requireStage(input.stage)
  const archiving = input.archiveExisting && (stage === 'Staging' || stage === 'Production') ? stage : null
  if (input.archiveExisting && archiving === null)
    refuse('invalid', `others are archived for Staging and Production only, not for ${stage}`, {
      field: 'archive_existing_versions',
    })
  return changeVersion(ctx, { verb: 'model_version.transition', input }, async (tx, { model, version }) => {
    const { id, mlflowStage: from } = version
    const now = ctx.now()
    await patchVersion(tx, { id, set: { mlflowStage: stage, updatedAt: now } })
    await patchModel(tx, { id: model.id, set: { updatedAt: now } })
    const others = { modelId: model.id, exceptId: id, now }
    const archived = archiving === null ? [] : await archiveOthers(tx, { ...others, mlflowStage: archiving })
    const moved = { name: model.name, version: version.version, from, to: stage }
    return {
      answer: { id },
      note: {
        ...{ action: 'model_version.stage_changed', targetKind: 'model_version', targetId: id },
        summary: `${model.name} v${version.version} labelled ${stage}`,
        detail: { from, to: stage, archived: archived.map(({ version: number }) => number) },
      },
      changes: [id, ...archived.map((other) => other.id)].map((one) => ({ noun: 'model_version', id: one })),
      events: [
        ...(from === stage ? [] : [happenedToRegistry.stageChanged(moved)]),
        ...archived.map((other) =>
          happenedToRegistry.stageChanged({ ...other, name: model.name, from: stage, to: 'Archived' }),
        ),
      ],
    }
  })
}

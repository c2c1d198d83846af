import type { ModelVersion, RegisterModelVersion } from '@modelyard/contracts'
import { insertModelVersion, lockModel } from '@modelyard/db'
import type { Kpi } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import { actorOf, type Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { readableBlob } from '../upload/open.ts'
import { happenedToRegistry } from '../webhook/event.ts'
import { readSignature } from './inspect.ts'
import { judgeVersion } from './judge.ts'
import { modelVersionById } from './read.ts'

const UPLOADED = { source: '', runId: null, description: '', tags: [] } as const

/**
 * Register a model made elsewhere, whose file was uploaded before. What is no ONNX model, or reaches outside its file,
 * is refused. It comes without an evaluation, so a project with KPIs will not let it pass its gates.
 */
export async function registerModelVersion(
  ctx: Ctx,
  input: z.output<typeof RegisterModelVersion>,
): Promise<ModelVersion> {
  const { project } = await inProject(ctx, input.project, 'model.register')
  const { sha256, sizeBytes } = await readableBlob(ctx, { projectId: project.id, sha256: input.sha256 })
  // Before the transaction: reading and inspecting a large file must hold no lock.
  const signature = await readSignature(ctx, sha256)
  const { idempotencyKey, ...request } = input
  const datasetVersionId = input.datasetVersionId ?? null
  const { id } = await mutate(
    ctx,
    { verb: 'model.register', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const names = { projectId: project.id, name: input.model }
      const { id: modelId, isNew } = await lockModel(tx, { ...names, newId: ctx.newId('mdl'), now: ctx.now() })
      const candidate = { projectId: project.id, modelId, kpis: project.kpis as Kpi[], signature, evaluations: [] }
      const judged = await judgeVersion(tx, { ...candidate, datasetVersionId, artifactVerified: true })
      const id = ctx.newId('mv')
      const row = {
        ...{ id, projectId: project.id, modelId, sha256, sizeBytes, signature, datasetVersionId },
        ...{ codeCommit: input.codeCommit, createdBy: actorOf(ctx.principal), createdAt: ctx.now() },
        ...{ stage: 'candidate' as const, gates: judged.gates, gatesPassed: judged.gatesPassed },
        classes: input.classes.length > 0 ? input.classes : judged.classes,
      }
      const version = await insertModelVersion(tx, row, [])
      return {
        answer: { id },
        note: {
          action: 'model.registered',
          targetKind: 'model_version',
          targetId: id,
          summary: `Model ${input.model} v${version} registered from an uploaded file`,
          detail: { sha256, datasetVersionId, gatesPassed: judged.gatesPassed },
        },
        changes: [{ noun: 'model_version', id }],
        events: [
          ...(isNew ? [happenedToRegistry.modelCreated({ name: input.model, description: '', tags: [] })] : []),
          happenedToRegistry.versionCreated({ name: input.model, version, ...UPLOADED }),
        ],
      }
    },
  )
  return modelVersionById(ctx, project.id, id)
}

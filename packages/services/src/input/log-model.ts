import { appendToRunTag } from '@modelyard/db'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { holdForWriting } from '../run/hold.ts'

/** Where clients before MLflow 3 keep what models a run logged: a JSON list. */
const HISTORY_TAG = 'mlflow.log-model.history'

/** Add what a client of MLflow 2 says of a model that it wrote among the run's artifacts. The same again is one entry. */
export async function logModelOfRun(
  ctx: Ctx,
  input: { project: string; runId: string; model: Record<string, unknown> },
): Promise<void> {
  const { project } = await inProject(ctx, input.project, 'run.write')
  const { runId, model } = input
  await mutate(ctx, { verb: 'run.log_model', projectId: project.id }, async (tx) => {
    await holdForWriting(ctx, tx, { projectId: project.id, runId })
    await appendToRunTag(tx, { projectId: project.id, runId, key: HISTORY_TAG, entry: model })
    return { answer: undefined, note: null, changes: [{ noun: 'run', id: runId }] }
  })
}

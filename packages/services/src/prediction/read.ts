import type { Prediction } from '@modelyard/contracts'
import { findEndpoint, findPrediction, listPredictionRows } from '@modelyard/db'
import { isId, refuse, timeOfId } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { ID_SLACK_MS } from './record-feedback.ts'

type View = z.output<typeof Prediction>
type Row = NonNullable<Awaited<ReturnType<typeof findPrediction>>>

function predictionView({ prediction, endpoint, variant, truth }: Row): View {
  const { id, modelVersionId, at, latencyMs, label, score, traceId, features } = prediction
  return {
    id,
    endpoint,
    variant,
    modelVersionId,
    at: at.toISOString(),
    latencyMs,
    label,
    score,
    truth,
    traceId,
    features,
  }
}

export async function getPrediction(ctx: Ctx, input: { project: string; predictionId: string }): Promise<View> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const id = input.predictionId
  const ms = isId('prd', id) ? timeOfId(id) : 0
  const span = { from: new Date(ms - ID_SLACK_MS), to: new Date(ms + ID_SLACK_MS) }
  const row = await findPrediction(ctx.db, { projectId: project.id, id, ...span })
  return row
    ? predictionView(row)
    : refuse('not_found', 'there is no such prediction in this project', { field: 'predictionId' })
}

/** Newest first; the cursor is `<unix ms>.<id>` of the last one of the page before. */
export async function listPredictions(
  ctx: Ctx,
  input: { project: string; endpointId: string; limit: number; cursor?: string },
): Promise<{ items: View[]; nextCursor: string | null }> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { endpointId, limit } = input
  if (!(await findEndpoint(ctx.db, { projectId: project.id, endpointId })))
    refuse('not_found', 'there is no such endpoint in this project', { field: 'endpointId' })
  const before = input.cursor === undefined ? undefined : parseCursor(input.cursor)
  const rows = await listPredictionRows(ctx.db, { projectId: project.id, endpointId, limit: limit + 1, before })
  const items = rows.slice(0, limit).map(predictionView)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last ? `${Date.parse(last.at)}.${last.id}` : null }
}

function parseCursor(text: string): { at: Date; id: string } {
  const [ms, id = ''] = text.split('.')
  const at = new Date(Number(ms))
  if (Number.isNaN(at.getTime()) || !isId('prd', id)) {
    refuse('invalid', 'this is no cursor of a list of predictions', { field: 'cursor' })
  }
  return { at, id }
}

import type { RecordedFeedback, RecordFeedback } from '@modelyard/contracts'
import { findFeedback, foreignPredictions, insertFeedback } from '@modelyard/db'
import { isId, timeOfId } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

type Item = z.output<typeof RecordFeedback>['items'][number]
/** A prediction was made when its id was, give or take a clock. */
export const ID_SLACK_MS = 3_600_000

/**
 * Store true labels. One may come before its prediction does, and the same one any number of times; the first label of a
 * prediction stands, and another one for it is refused item by item. Idempotent by prediction id, so it takes no key.
 */
export async function recordFeedback(
  ctx: Ctx,
  input: z.output<typeof RecordFeedback>,
): Promise<z.output<typeof RecordedFeedback>> {
  const { project } = await inProject(ctx, input.project, 'feedback.write')
  const foreign = await foreignAmong(ctx, project.id, input.items)
  const problems = input.items.map((item) => problemOf(item, foreign))
  const sound = input.items.filter((_, index) => problems[index] === null)
  const now = ctx.now()
  const made = await insertFeedback(
    ctx.db,
    sound.map(({ predictionId, label, at }) => {
      return { predictionId, projectId: project.id, label, at: at ? new Date(at) : now, recordedAt: now }
    }),
  )
  const known = await findFeedback(
    ctx.db,
    sound.map(({ predictionId }) => predictionId),
  )
  const standing = new Map(known.map((row) => [row.predictionId, row]))
  const answer: z.output<typeof RecordedFeedback> = { accepted: 0, repeated: 0, refused: [] }
  for (const [index, item] of input.items.entries()) {
    const { predictionId } = item
    const stands = standing.get(predictionId)
    const differs = stands?.label !== item.label || stands.projectId !== project.id
    const reason = problems[index] ?? (differs ? 'this prediction has another label already' : null)
    if (reason !== null) answer.refused.push({ predictionId, reason })
    else if (made.delete(predictionId)) answer.accepted += 1
    else answer.repeated += 1
  }
  const { accepted: stored, refused } = answer
  ctx.happened({ kind: 'records_taken', records: 'feedback', stored, refused: refused.length })
  return answer
}

function problemOf({ predictionId, label }: Item, foreign: ReadonlySet<string>): string | null {
  if (!isId('prd', predictionId)) return 'this is no prediction id'
  if (label.includes('\0')) return 'a label must not hold a NUL character'
  return foreign.has(predictionId) ? 'there is no such prediction in this project' : null
}

async function foreignAmong(ctx: Ctx, projectId: string, items: readonly Item[]): Promise<Set<string>> {
  const ids = items.map(({ predictionId }) => predictionId).filter((id) => isId('prd', id))
  const times = ids.map(timeOfId)
  const from = new Date(Math.min(...times) - ID_SLACK_MS)
  const to = new Date(Math.max(...times) + ID_SLACK_MS)
  return ids.length === 0 ? new Set() : foreignPredictions(ctx.db, { projectId, ids, from, to })
}

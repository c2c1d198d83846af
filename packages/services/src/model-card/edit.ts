import type { CardSection, EditModelCard, ModelCard } from '@modelyard/contracts'
import { findModelVersion, lockModelVersion, updateModelCard } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate, type Outcome } from '../mutate.ts'
import { cardOf, sectionsOf } from './read.ts'

/**
 * Write sections of a version's card. The ledger keeps what was written, so that a card is as traceable as the records.
 * @throws Refusal `stale` where the version changed since the caller read it, `not_found`
 */
export async function editModelCard(ctx: Ctx, input: z.output<typeof EditModelCard>): Promise<ModelCard> {
  const { project } = await inProject(ctx, input.project, 'model.register')
  const { idempotencyKey, ...request } = input
  return mutate(
    ctx,
    { verb: 'model_card.edit', projectId: project.id, idempotency: { key: idempotencyKey, request } },
    async (tx): Promise<Outcome<ModelCard>> => {
      const which = { projectId: project.id, id: input.modelVersionId }
      const found = await lockModelVersion(tx, which)
      if (!found)
        return refuse('not_found', `there is no model version ${which.id} in ${input.project}`, {
          field: 'modelVersionId',
        })
      const { version, model } = found
      if (version.revision !== input.revision)
        refuse('stale', `${model} v${version.version} changed since you read it; read it again, then write`, {
          field: 'revision',
          details: { revision: version.revision },
        })
      const before = sectionsOf(version.card)
      const written = Object.entries(input.sections).filter(([name, text]) => text !== before[name as CardSection])
      const inside = { ...ctx, db: tx }
      if (written.length === 0) return { answer: await cardOf(inside, project, found), note: null, changes: [] }
      const card = { ...version.card, ...Object.fromEntries(written) }
      await updateModelCard(tx, { modelVersionId: version.id, card, now: ctx.now() })
      const edited = await findModelVersion(tx, which)
      return {
        answer: await cardOf(inside, project, edited ?? found),
        note: {
          action: 'model_card.edited',
          targetKind: 'model_version',
          targetId: version.id,
          summary: `Card of ${model} v${version.version}: ${written.map(([name]) => name).join(', ')} written`,
          detail: { sections: Object.fromEntries(written), revision: version.revision + 1 },
        },
        changes: [{ noun: 'model_version', id: version.id }],
      }
    },
  )
}

import type { CreateProject, Kpi, Project } from '@modelyard/contracts'
import { insertDefaultExperiment, tables, upsertMember, violates } from '@modelyard/db'
import { checkKpi, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { asPerson } from '../access.ts'
import type { Ctx } from '../context.ts'
import { mutate } from '../mutate.ts'
import { projectView } from './view.ts'

/** Make a project; whoever makes it becomes its administrator. */
export async function createProject(ctx: Ctx, input: z.output<typeof CreateProject>): Promise<Project> {
  const { userId } = asPerson(ctx)
  requireSensibleKpis(input.kpis)
  const now = ctx.now()
  const { idempotencyKey, ...request } = input
  const id = ctx.newId('prj')
  const row = { id, slug: input.slug, name: input.name, task: input.task, kpis: input.kpis, createdAt: now }
  return mutate(
    ctx,
    { verb: 'project.create', projectId: id, idempotency: { key: idempotencyKey, request } },
    async (tx) => {
      const [made] = await tx
        .insert(tables.project)
        .values(row)
        .returning()
        .catch((error: unknown) => {
          if (violates(error, 'project_slug'))
            refuse('conflict', `the project name "${input.slug}" is taken`, { field: 'slug' })
          throw error
        })
      if (!made) throw new Error('the project was not returned')
      await upsertMember(tx, { projectId: id, userId, role: 'admin', now })
      await insertDefaultExperiment(tx, { id: ctx.newId('exp'), projectId: id, now })
      return {
        answer: projectView(made, 'admin'),
        note: {
          action: 'project.created',
          targetKind: 'project',
          targetId: id,
          summary: `Project ${input.slug} created`,
          detail: { kpis: input.kpis, task: input.task },
        },
        changes: [{ noun: 'project', id }],
      }
    },
  )
}

/** A goal that nothing can miss, or nothing can meet, would pass for a gate. */
function requireSensibleKpis(kpis: readonly Kpi[]): void {
  for (const [index, kpi] of kpis.entries()) {
    const fault = checkKpi(kpi)
    if (fault) refuse('invalid', fault, { field: `kpis.${index}` })
  }
}

import type { Member } from '@modelyard/contracts'
import { listMembers as read } from '@modelyard/db'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

export async function listMembers(ctx: Ctx, input: { project: string }): Promise<z.output<typeof Member>[]> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  return read(ctx.db, project.id)
}

import { type Hit, type RegistrySearch, searchModelIds, searchModelVersionIds } from '@modelyard/db'
import { type Condition, MODEL_VERSIONS, parseOrder, REGISTERED_MODELS, type SearchEntity } from '@modelyard/domain'
import { inProject, type Project } from '../access.ts'
import type { Ctx } from '../context.ts'
import { type ModelRecord, modelRecords, type VersionRecord, versionRecords } from '../model/record.ts'
import { findPage } from './page.ts'

export type SearchRegistry = {
  project: string
  filter?: string
  orderBy?: readonly string[]
  limit: number
  cursor?: string
}

/**
 * Registered models of a project, by name unless an order is given.
 * @throws Refusal `invalid` naming `filter`, `order_by` or `page_token`.
 */
export async function searchModels(
  ctx: Ctx,
  input: SearchRegistry,
): Promise<{ items: ModelRecord[]; nextCursor: string | null }> {
  const found = await findInRegistry(ctx, input, { entity: REGISTERED_MODELS, find: searchModelIds })
  return { items: await modelRecords(ctx, found), nextCursor: found.nextCursor }
}

/**
 * Model versions of a project, the last changed first unless an order is given.
 * @throws Refusal `invalid` naming `filter`, `order_by` or `page_token`.
 */
export async function searchModelVersions(
  ctx: Ctx,
  input: SearchRegistry,
): Promise<{ items: VersionRecord[]; nextCursor: string | null }> {
  const found = await findInRegistry(ctx, input, { entity: MODEL_VERSIONS, find: searchModelVersionIds })
  return { items: await versionRecords(ctx, found), nextCursor: found.nextCursor }
}

type Kind = {
  entity: SearchEntity
  find: (db: Ctx['db'], projectId: Project['id'], search: RegistrySearch) => Promise<Hit[]>
}

async function findInRegistry(ctx: Ctx, input: SearchRegistry, kind: Kind) {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { filter = '', limit, cursor } = input
  const { entity, find } = kind
  const order = parseOrder(entity, input.orderBy ?? [])
  const { hits, nextCursor } = await findPage(
    ctx,
    { entity, scope: project.id, filter, order },
    { limit, cursor, find: (search) => find(ctx.db, project.id, { ...search, ...withoutPrompts(search.conditions) }) },
  )
  return { projectId: project.id, ids: hits.map(({ id }) => id), nextCursor }
}

/**
 * Prompts lie in the registry too. A search finds models unless it asks for prompts, and what clients add to say so,
 * `!= 'true'` or `= 'false'`, holds for models, which lack the tag.
 */
export function withoutPrompts(conditions: readonly Condition[]): { prompts: boolean; conditions: Condition[] } {
  const says = ({ field, test }: Condition, operator: string, value: string) =>
    field.of === 'tag' &&
    field.key === 'mlflow.prompt.is_prompt' &&
    test.kind === 'text' &&
    test.operator === operator &&
    test.value === value
  return {
    prompts: conditions.some((one) => says(one, '=', 'true')),
    conditions: conditions.filter((one) => !says(one, '!=', 'true') && !says(one, '=', 'false')),
  }
}

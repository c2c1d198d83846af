import {
  type Db,
  findModelVersion,
  lockModelNamed,
  lockModelVersion,
  type ModelRow,
  type ModelVersionRow,
} from '@modelyard/db'
import { type Permission, refuse } from '@modelyard/domain'
import { inProject, type Project } from '../access.ts'
import type { Ctx } from '../context.ts'
import { requireVersionOfCaller } from '../job/tie.ts'
import { mutate, type Outcome } from '../mutate.ts'

/** MLflow clients bring no key: what they repeat has to come out the same by itself. */
export type OnModel = { project: string; model: string; idempotencyKey?: string }
export type OnVersion = OnModel & { version: number }

type Verb<Input> = { verb: string; input: Input; permission?: Permission }
type InModel = { project: Project; model: ModelRow }
type InVersion = InModel & { version: ModelVersionRow }

/** The frame of every change of a registered model: it is locked, so that changes of one model and its versions take turns. */
export async function changeModel<Input extends OnModel, T>(
  ctx: Ctx,
  { verb, input, permission = 'model.register' }: Verb<Input>,
  work: (tx: Db, found: InModel) => Promise<Outcome<T>>,
): Promise<T> {
  const { project } = await inProject(ctx, input.project, permission)
  const { idempotencyKey, ...request } = input
  const idempotency = idempotencyKey === undefined ? {} : { idempotency: { key: idempotencyKey, request } }
  return mutate(ctx, { verb, projectId: project.id, ...idempotency }, async (tx) => {
    const model = await lockModelNamed(tx, { projectId: project.id, name: input.model })
    return work(tx, { project, model: model ?? refuseModel(input.model) })
  })
}

/** The same for one of its versions. */
export async function changeVersion<Input extends OnVersion, T>(
  ctx: Ctx,
  call: Verb<Input>,
  work: (tx: Db, found: InVersion) => Promise<Outcome<T>>,
): Promise<T> {
  return changeModel(ctx, call, async (tx, { project, model }) => {
    const version = await requireVersion(tx, { model, version: call.input.version })
    await requireVersionOfCaller(ctx, tx, version)
    return work(tx, { project, model, version })
  })
}

/** A version of a locked model, locked too. @throws Refusal `not_found` */
async function requireVersion(
  tx: Db,
  { model, version }: { model: ModelRow; version: number },
): Promise<ModelVersionRow> {
  const { projectId, name } = model
  const found = await findModelVersion(tx, { projectId, model: name, version })
  const locked = found && (await lockModelVersion(tx, { projectId, id: found.version.id }))
  return locked?.version ?? refuseVersion(name, version)
}

export const refuseModel = (name: string): never =>
  refuse('not_found', `there is no registered model "${name}" in this project`, { field: 'model' })

export const refuseVersion = (name: string, version: number): never =>
  refuse('not_found', `there is no version ${version} of the model "${name}" in this project`, { field: 'version' })

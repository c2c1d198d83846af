import { type IdPrefix, idOfHex, refuse } from '@modelyard/domain'
import { inProject, type Project } from '../access.ts'
import type { Ctx } from '../context.ts'

/** Tags of the import itself; counts leave out all that begin so. */
export const IMPORT_TAGS = 'modelyard.import'
const FROM_TAG = `${IMPORT_TAGS}.from`
/** On what came whole: how it was there when it did. */
export const SEAL_TAG = `${IMPORT_TAGS}.seal`
/** On a version between its registration here and its stamp: the number it has there. */
export const VERSION_TAG = `${IMPORT_TAGS}.version`

export type ImportInput = { project: string; from: string }

/** Writing under ids and times that somebody else gave takes an administrator. */
export async function inImportingProject(ctx: Ctx, input: ImportInput): Promise<{ project: Project; from: Mark }> {
  const { project } = await inProject(ctx, input.project, 'project.configure')
  return { project, from: { key: FROM_TAG, value: input.from } }
}
export type Mark = { key: string; value: string }

/** Our id of what MLflow knows by these hexadecimal digits. */
export function idOfImported(prefix: 'run' | 'lm', hex: string): string {
  return idOfHex(prefix satisfies IdPrefix, hex) ?? refuse('invalid', `${hex} is no id of MLflow`, { field: 'id' })
}

export const prefixOfKind = (kind: 'run' | 'loggedModel') => (kind === 'run' ? 'run' : 'lm')

/** An id is taken once in the installation; whose it is stays untold. */
export function idIsTaken(hex: string): never {
  return refuse('conflict', `${hex} is here already and did not come from this server`, { field: 'id' })
}

/** The difference between the schemas of two dataset versions. */
import type { ColumnSchema } from './profile.ts'

export type SchemaChange =
  | { change: 'added'; column: string; to: ColumnSchema }
  | { change: 'removed'; column: string; from: ColumnSchema }
  | { change: 'type' | 'role'; column: string; from: ColumnSchema; to: ColumnSchema }
  | { change: 'moved'; column: string; from: number; to: number }

/** `compatible`: a model trained on the old version can read the new one (no feature removed, retyped or moved). */
export type SchemaDiff = { same: boolean; compatible: boolean; changes: SchemaChange[] }

export function diffSchemas(before: readonly ColumnSchema[], after: readonly ColumnSchema[]): SchemaDiff {
  const old = new Map(before.map((column) => [column.name, column]))
  const now = new Map(after.map((column) => [column.name, column]))
  const changes: SchemaChange[] = []
  for (const from of before) {
    const to = now.get(from.name)
    if (to === undefined) changes.push({ change: 'removed', column: from.name, from })
    else if (to.type !== from.type) changes.push({ change: 'type', column: from.name, from, to })
    else if (to.role !== from.role) changes.push({ change: 'role', column: from.name, from, to })
  }
  for (const to of after) if (!old.has(to.name)) changes.push({ change: 'added', column: to.name, to })
  changes.push(
    ...movedColumns(
      before.filter(({ name }) => now.has(name)),
      after.filter(({ name }) => old.has(name)),
    ),
  )
  return { same: changes.length === 0, compatible: changes.every(isHarmless), changes }
}

function movedColumns(before: readonly ColumnSchema[], after: readonly ColumnSchema[]): SchemaChange[] {
  return before.flatMap(({ name }, from) => {
    const to = after.findIndex((column) => column.name === name)
    return to === from ? [] : [{ change: 'moved' as const, column: name, from, to }]
  })
}

function isHarmless(change: SchemaChange): boolean {
  if (change.change === 'added') return change.to.role !== 'feature'
  if (change.change === 'removed') return change.from.role !== 'feature'
  return false
}

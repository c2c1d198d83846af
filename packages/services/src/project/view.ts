import type { Kpi, Project, Role } from '@modelyard/contracts'
import type { tables } from '@modelyard/db'

export function projectView(row: typeof tables.project.$inferSelect, role: Role): Project {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    task: row.task,
    kpis: row.kpis as Kpi[],
    role,
    createdAt: row.createdAt.toISOString(),
  }
}

import { tables } from '@modelyard/db'
import type { Ctx } from '../context.ts'
import type { TestStage } from './context.ts'

export type SeededRun = {
  name: string
  experiment?: string
  status?: (typeof tables.run.$inferSelect)['status']
  startedAt?: Date | null
  endedAt?: Date
  deletedAt?: Date
  userName?: string
  metrics?: Record<string, number>
  params?: Record<string, string>
  tags?: Record<string, string>
}

/** Rows as they lie after a client logged them, without the verbs that log: searches are tested by what stands. */
export function runSeeder(stage: TestStage) {
  const ctx: Ctx = stage.as('editor')
  const experiments = new Map<string, { id: string; number: number }>()

  const experimentNamed = async (name: string) => {
    const known = experiments.get(name)
    if (known) return known
    const row = { id: ctx.newId('exp'), projectId: stage.project.id, name, createdAt: ctx.now() }
    const [made] = await ctx.db.insert(tables.experiment).values(row).returning()
    if (!made) throw new Error('the experiment was not returned')
    experiments.set(name, made)
    return made
  }

  const addRun = async (seeded: SeededRun): Promise<string> => {
    const { metrics = {}, params = {}, tags = {}, experiment = 'first', ...rest } = seeded
    const { id: experimentId } = await experimentNamed(experiment)
    const of = { runId: ctx.newId('run'), projectId: stage.project.id }
    const createdBy = { kind: 'system', id: 'test', label: 'test' } as const
    const run = { status: 'finished', startedAt: ctx.now(), createdBy, createdAt: ctx.now(), ...rest } as const
    await ctx.db.insert(tables.run).values({ ...run, id: of.runId, projectId: of.projectId, experimentId })
    const pairs = (record: Record<string, string>) =>
      Object.entries(record).map(([key, value]) => ({ ...of, key, value }))
    if (Object.keys(params).length > 0) await ctx.db.insert(tables.runParam).values(pairs(params))
    if (Object.keys(tags).length > 0) await ctx.db.insert(tables.runTag).values(pairs(tags))
    for (const [key, lastValue] of Object.entries(metrics)) {
      await ctx.db.insert(tables.metric).values({ ...of, key, lastValue, lastStep: 0n, lastAtMs: 1n, points: 1 })
    }
    return of.runId
  }

  const addDataset = async (runId: string, dataset: { name: string; digest: string; context: string }) => {
    const { id: experimentId } = await experimentNamed('first')
    const of = { projectId: stage.project.id, createdAt: ctx.now() }
    const loggedDatasetId = ctx.newId('lds')
    const { name, digest, context } = dataset
    const logged = { ...of, id: loggedDatasetId, experimentId, name, digest, sourceType: 'local', source: '{}' }
    await ctx.db.insert(tables.loggedDataset).values(logged)
    await ctx.db.insert(tables.runDataset).values({ ...of, runId, loggedDatasetId, context, tags: [] })
  }

  return { experimentNamed, addRun, addDataset }
}

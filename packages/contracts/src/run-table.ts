import { z } from 'zod'
import { ActorRef, IsoTime, idOf, ProjectRef, Sha256, Text } from './common.ts'
import { RunStatus } from './run.ts'

/** `attributes.`, `params.`, `metrics.` or `tags.` and the key, as filters write it. */
export const RunColumn = Text.min(3).max(300)

/** JSON has no NaN: what is not finite is written as its name. */
export const NonFinite = z.enum(['NaN', 'Infinity', '-Infinity'])
export const MetricValue = z.union([z.number(), NonFinite])
export type MetricValue = z.infer<typeof MetricValue>

/** Which runs: a filter in MLflow's language, one experiment or all, deleted ones or the others. */
export const RunsQuery = ProjectRef.extend({
  filter: Text.max(4_000).default(''),
  /** By its number. */
  experiment: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
  shown: z.enum(['active', 'deleted']).default('active'),
})
export type RunsQuery = z.infer<typeof RunsQuery>

/** A page of the runs table; `sort` is a column, with `-` before it when the highest comes first. */
export const ListRunRows = RunsQuery.extend({
  sort: Text.max(301).default(''),
  columns: z.array(RunColumn).max(60).default([]),
  limit: z.number().int().min(1).max(200).default(200),
  cursor: Text.max(4_000).optional(),
})

/** One row: what every table shows, and the values of the wanted columns that this run has. */
export const RunRow = z.object({
  id: idOf('run'),
  name: z.string(),
  experiment: z.string(),
  status: RunStatus,
  user: z.string(),
  startedAt: IsoTime.nullable(),
  endedAt: IsoTime.nullable(),
  createdAt: IsoTime,
  datasets: z.array(z.string()),
  /** Text for parameters and tags, numbers (or the names of non-finite ones) for metrics. */
  values: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type RunRow = z.infer<typeof RunRow>

export const RunRows = z.object({ items: z.array(RunRow), nextCursor: z.string().nullable() })
export const RunCount = z.object({ total: z.number().int(), running: z.number().int() })
export type RunCount = z.infer<typeof RunCount>

/** The same rows again, as they are now. */
export const ReadRunRows = ProjectRef.extend({
  runIds: z.array(idOf('run')).max(200),
  columns: z.array(RunColumn).max(60).default([]),
})

/** Keys that runs of the project have, and how many of the newest thousand runs have each. */
export const RunKeys = z.object({
  params: z.array(z.object({ key: z.string(), runs: z.number().int() })),
  metrics: z.array(z.object({ key: z.string(), runs: z.number().int() })),
  tags: z.array(z.object({ key: z.string(), runs: z.number().int() })),
})
export type RunKeys = z.infer<typeof RunKeys>

/** Runs by a parameter, tag or attribute, with one metric over each group. */
export const GroupRuns = RunsQuery.extend({ by: RunColumn, metric: Text.max(250).optional() })
export const RunGroup = z.object({
  /** Null: the runs that have no such key. */
  value: z.string().nullable(),
  runs: z.number().int(),
  running: z.number().int(),
  failed: z.number().int(),
  /** Runs whose metric is finite; mean, lowest and highest are of these. */
  measured: z.number().int(),
  mean: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
})
export type RunGroup = z.infer<typeof RunGroup>

export const RunExperiment = z.object({ number: z.number().int(), name: z.string(), runs: z.number().int() })
export type RunExperiment = z.infer<typeof RunExperiment>

export const COMPARED_RUNS = 20
export const CompareRuns = ProjectRef.extend({ runIds: z.array(idOf('run')).min(1).max(COMPARED_RUNS) })
export const ComparedRun = z.object({
  id: idOf('run'),
  name: z.string(),
  experiment: z.string(),
  status: RunStatus,
  createdBy: ActorRef,
  startedAt: IsoTime.nullable(),
  endedAt: IsoTime.nullable(),
  codeCommit: z.string(),
  params: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.string()),
  metrics: z.record(z.string(), MetricValue),
  datasets: z.array(z.string()),
  artifacts: z.record(z.string(), Sha256),
})
export type ComparedRun = z.infer<typeof ComparedRun>

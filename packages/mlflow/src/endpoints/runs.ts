import { createRun, deleteRun, deleteRunTag, logBatch, readRun, restoreRun, updateRun } from '@modelyard/services'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../endpoint.ts'
import {
  entityKey,
  enumeration,
  experimentNumber,
  instantMs,
  optional,
  optionalOrBlank,
  repeated,
  runId,
  tagKey,
  tagOf,
  text,
  withRunId,
} from '../fields.ts'
import { metricsToLog, metricToLog } from '../shapes/metric-to-log.ts'
import { RUN_STATUSES, runInfoOf, runOf } from '../shapes/run.ts'

const runName = optionalOrBlank(text(8000))
/** Long values are cut by the verb; a parameter's may be "". */
const pair = tagOf(entityKey, 1_048_576)
/** What a run begins with may have any key: MLflow is strict with those only that are set later. */
const firstTag = tagOf(tagKey, 1_048_576)
const one = z.object({ run_id: runId })

const status = enumeration(RUN_STATUSES).transform((name) => LOWER[name])
const LOWER = {
  RUNNING: 'running',
  SCHEDULED: 'scheduled',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
} as const

/** Runs, and what is logged to them. */
export const runEndpoints: readonly Endpoint[] = [
  endpoint({
    methods: ['POST'],
    path: '/runs/create',
    input: z.object({
      experiment_id: optionalOrBlank(experimentNumber),
      user_id: optional(text(256)),
      run_name: runName,
      start_time: optional(instantMs),
      tags: repeated(firstTag),
    }),
    handle: async ({ ctx, project, input: { experiment_id: experiment = 0, tags, ...input } }) => {
      const startedAt = input.start_time === undefined ? undefined : new Date(input.start_time)
      const named = { name: input.run_name, userName: input.user_id }
      const run = await createRun(ctx, { project, experiment, startedAt, tags, ...named })
      const { outputs: _, ...made } = runOf(run)
      return { run: made }
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/runs/get',
    input: withRunId(one),
    handle: async ({ ctx, project, input }) => ({ run: runOf(await readRun(ctx, { project, runId: input.run_id })) }),
  }),
  endpoint({
    methods: ['POST'],
    path: '/runs/update',
    input: withRunId(one.extend({ status: optional(status), end_time: optional(instantMs), run_name: runName })),
    handle: async ({ ctx, project, input: { run_id, status: moved, end_time, run_name: name } }) => {
      const endedAt = end_time === undefined ? undefined : new Date(end_time)
      const run = await updateRun(ctx, { project, runId: run_id, status: moved, endedAt, name })
      return { run_info: runInfoOf(run) }
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/runs/delete',
    input: withRunId(one),
    handle: async ({ ctx, project, input }) => {
      await deleteRun(ctx, { project, runId: input.run_id })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/runs/restore',
    input: withRunId(one),
    handle: async ({ ctx, project, input }) => {
      await restoreRun(ctx, { project, runId: input.run_id })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/runs/log-batch',
    input: withRunId(one.extend({ metrics: metricsToLog, params: repeated(pair), tags: repeated(pair) })),
    handle: async ({ ctx, project, input: { run_id, ...batch } }) => {
      await logBatch(ctx, { project, runId: run_id, ...batch })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/runs/log-metric',
    input: withRunId(z.intersection(one, metricToLog)),
    handle: async ({ ctx, project, input: { run_id, ...point } }) => {
      await logBatch(ctx, { project, runId: run_id, metrics: [point] })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/runs/log-parameter',
    input: withRunId(one.extend(pair.shape)),
    handle: async ({ ctx, project, input: { run_id, ...param } }) => {
      await logBatch(ctx, { project, runId: run_id, params: [param] })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/runs/set-tag',
    input: withRunId(one.extend(pair.shape)),
    handle: async ({ ctx, project, input: { run_id, ...tag } }) => {
      await logBatch(ctx, { project, runId: run_id, tags: [tag] })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/runs/delete-tag',
    input: withRunId(one.extend({ key: tagKey })),
    handle: async ({ ctx, project, input: { run_id, key } }) => {
      await deleteRunTag(ctx, { project, runId: run_id, key })
      return {}
    },
  }),
]

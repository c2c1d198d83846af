import { logInputs, logModelOfRun, logOutputs, searchLoggedDatasets } from '@modelyard/services'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../endpoint.ts'
import {
  experimentNumber,
  int64,
  loggedModelId,
  optional,
  repeated,
  required,
  runId,
  tagOf,
  text,
  withRunId,
} from '../fields.ts'

const MAX_MODEL_JSON = 1_048_576

/** Limits as MLflow has them. */
const dataset = z.object({
  name: required(text(500)),
  digest: required(text(36)),
  source_type: required(text(100)),
  source: required(text(65_535)),
  schema: optional(text(1_048_575)),
  profile: optional(text(16_777_215)),
})
const datasetInput = z.object({ tags: repeated(tagOf(required(text(255)), 500)), dataset: required(dataset) })

/** A client's model as text, with what every reader of the history relies on. */
const modelJson = required(text(MAX_MODEL_JSON)).transform((written, context): Record<string, unknown> => {
  const model = objectIn(written)
  const missing = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'].find((field) => !(field in (model ?? {})))
  if (model && missing === undefined) return model
  const message = model ? `lacks ${missing}` : 'must be the text of a JSON object'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

function objectIn(written: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(written)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** What runs read and write: datasets and models. */
export const inputEndpoints: readonly Endpoint[] = [
  endpoint({
    methods: ['POST'],
    path: '/runs/log-inputs',
    input: withRunId(
      z.object({
        run_id: runId,
        datasets: repeated(datasetInput),
        models: repeated(z.object({ model_id: loggedModelId })),
      }),
    ),
    handle: async ({ ctx, project, input }) => {
      const datasets = input.datasets.map(
        ({ tags, dataset: { source_type: sourceType, schema, profile, ...rest } }) => {
          return { ...rest, tags, sourceType, schema: schema ?? null, profile: profile ?? null }
        },
      )
      const modelIds = input.models.map(({ model_id }) => model_id)
      await logInputs(ctx, { project, runId: input.run_id, datasets, modelIds })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/runs/outputs',
    input: withRunId(
      z.object({
        run_id: runId,
        models: repeated(z.object({ model_id: loggedModelId, step: optional(int64) })).refine(
          (models) => models.length > 0,
          'a value is required',
        ),
      }),
    ),
    handle: async ({ ctx, project, input }) => {
      const models = input.models.map(({ model_id: id, step = 0n }) => ({ id, step }))
      await logOutputs(ctx, { project, runId: input.run_id, models })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/runs/log-model',
    input: withRunId(z.object({ run_id: runId, model_json: modelJson })),
    handle: async ({ ctx, project, input: { run_id, model_json: model } }) => {
      await logModelOfRun(ctx, { project, runId: run_id, model })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/experiments/search-datasets',
    input: z.object({ experiment_ids: repeated(experimentNumber).pipe(z.array(z.number()).min(1).max(20)) }),
    handle: async ({ ctx, project, input: { experiment_ids: experimentNumbers } }) => {
      const found = await searchLoggedDatasets(ctx, { project, experimentNumbers })
      const summaries = found.map(({ experimentNumber: number, name, digest, context }) => {
        return { experiment_id: String(number), name, digest, context: context ?? undefined }
      })
      return { dataset_summaries: summaries.length > 0 ? summaries : undefined }
    },
  }),
]

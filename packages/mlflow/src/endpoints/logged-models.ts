import {
  createLoggedModel,
  deleteLoggedModel,
  deleteLoggedModelTag,
  finalizeLoggedModel,
  getLoggedModel,
  logLoggedModelParams,
  setLoggedModelTags,
} from '@modelyard/services'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../endpoint.ts'
import {
  boolean,
  enumeration,
  experimentNumber,
  loggedModelId,
  optional,
  optionalOrBlank,
  repeated,
  required,
  runId,
  tagOf,
  text,
} from '../fields.ts'
import { LOGGED_MODEL_STATUSES, loggedModelOf, STATUS_OF_NAME } from '../shapes/logged-model.ts'

const MAX_KEY = 250
const MAX_VALUE = 100_000
const pair = tagOf(required(text(MAX_KEY)), MAX_VALUE)
const model_id = loggedModelId

/** What clients put together into addresses and URIs of files must not be cut by them. */
const modelName = optionalOrBlank(text(500).regex(/^[^/:.%"']+$/, `must not hold any of / : . % " '`))

/** Models that runs write (MLflow 3): made before their files arrive, then said to be ready. */
export const loggedModelEndpoints: readonly Endpoint[] = [
  endpoint({
    methods: ['POST'],
    path: '/logged-models',
    input: z.object({
      experiment_id: experimentNumber,
      name: modelName,
      model_type: optional(text(500)),
      source_run_id: optionalOrBlank(runId),
      params: repeated(pair),
      tags: repeated(pair),
    }),
    handle: async ({ ctx, project, input }) => {
      const { experiment_id: number, name, model_type, source_run_id, params, tags } = input
      const of = { experimentNumber: number, modelType: model_type ?? '', sourceRunId: source_run_id ?? null }
      return { model: loggedModelOf(await createLoggedModel(ctx, { project, ...of, name, params, tags })) }
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/logged-models/{model_id}',
    input: z.object({ model_id, allow_deleted: optional(boolean) }),
    handle: async ({ ctx, project, input: { model_id: id, allow_deleted: allowDeleted = false } }) => ({
      model: loggedModelOf(await getLoggedModel(ctx, { project, id, allowDeleted })),
    }),
  }),
  endpoint({
    methods: ['PATCH'],
    path: '/logged-models/{model_id}',
    input: z.object({ model_id, status: required(enumeration(LOGGED_MODEL_STATUSES, 0)) }),
    handle: async ({ ctx, project, input: { model_id: id, status } }) => ({
      model: loggedModelOf(await finalizeLoggedModel(ctx, { project, id, status: STATUS_OF_NAME[status] })),
    }),
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/logged-models/{model_id}',
    input: z.object({ model_id }),
    handle: async ({ ctx, project, input: { model_id: id } }) => {
      await deleteLoggedModel(ctx, { project, id })
      return {}
    },
  }),
  endpoint({
    methods: ['PATCH'],
    path: '/logged-models/{model_id}/tags',
    input: z.object({ model_id, tags: repeated(pair) }),
    handle: async ({ ctx, project, input: { model_id: id, tags } }) => {
      await setLoggedModelTags(ctx, { project, id, tags })
      return {}
    },
  }),
  endpoint({
    methods: ['DELETE'],
    // The rest of the path: a key may hold slashes.
    path: '/logged-models/{model_id}/tags/{tag_key*}',
    input: z.object({ model_id, tag_key: required(text(MAX_KEY)) }),
    handle: async ({ ctx, project, input: { model_id: id, tag_key: key } }) => {
      await deleteLoggedModelTag(ctx, { project, id, key })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/logged-models/{model_id}/params',
    input: z.object({ model_id, params: repeated(pair) }),
    handle: async ({ ctx, project, input: { model_id: id, params } }) => {
      await logLoggedModelParams(ctx, { project, id, params })
      return {}
    },
  }),
]

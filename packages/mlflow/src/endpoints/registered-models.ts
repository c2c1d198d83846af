import { ModelName } from '@modelyard/contracts'
import {
  createModel,
  deleteAlias,
  deleteModel,
  deleteModelTag,
  getModelRecord,
  getVersionByAlias,
  latestVersions,
  renameModel,
  setAlias,
  setModelTag,
  updateModel,
} from '@modelyard/services'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { modelNamed, optional, registryTag, repeated, required, tagKey, text, versionNumber } from '../fields.ts'
import { modelVersionWithAliases } from '../shapes/model-version.ts'
import { registeredModelOf } from '../shapes/registered-model.ts'

const description = optional(text(5000)).transform((said) => said ?? '')
const alias = required(text())

const newName = required(ModelName)

/** Registered models: names under which versions of models are kept. */
export const registeredModelEndpoints: readonly Endpoint[] = [
  endpoint({
    methods: ['POST'],
    path: '/registered-models/create',
    input: z.object({ name: newName, tags: repeated(registryTag), description }),
    handle: async ({ ctx, project, input: { name: model, tags, description: said } }) => {
      await createModel(ctx, { project, model, tags, description: said })
      return { registered_model: registeredModelOf(await getModelRecord(ctx, { project, model })) }
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/registered-models/get',
    input: z.object({ name: modelNamed }),
    handle: async ({ ctx, project, input: { name: model } }) => ({
      registered_model: registeredModelOf(await getModelRecord(ctx, { project, model })),
    }),
  }),
  endpoint({
    methods: ['PATCH'],
    path: '/registered-models/update',
    input: z.object({ name: modelNamed, description }),
    handle: async ({ ctx, project, input: { name: model, description: said } }) => {
      await updateModel(ctx, { project, model, description: said })
      return { registered_model: registeredModelOf(await getModelRecord(ctx, { project, model })) }
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/registered-models/rename',
    input: z.object({ name: modelNamed, new_name: newName }),
    handle: async ({ ctx, project, input: { name, new_name: newName } }) => {
      await renameModel(ctx, { project, model: name, newName })
      return { registered_model: registeredModelOf(await getModelRecord(ctx, { project, model: newName })) }
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/registered-models/delete',
    input: z.object({ name: modelNamed }),
    handle: async ({ ctx, project, input: { name: model } }) => {
      await deleteModel(ctx, { project, model })
      return {}
    },
  }),
  endpoint({
    methods: ['GET', 'POST'],
    path: '/registered-models/get-latest-versions',
    input: z.object({ name: modelNamed, stages: repeated(text(100)) }),
    handle: async ({ ctx, project, input: { name: model, stages } }) => {
      const versions = await latestVersions(ctx, { project, model, stages })
      return versions.length > 0 ? { model_versions: versions.map(modelVersionWithAliases) } : {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/registered-models/set-tag',
    input: registryTag.extend({ name: modelNamed }),
    handle: async ({ ctx, project, input: { name: model, key, value } }) => {
      await setModelTag(ctx, { project, model, key, value })
      return {}
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/registered-models/delete-tag',
    input: z.object({ name: modelNamed, key: tagKey }),
    handle: async ({ ctx, project, input: { name: model, key } }) => {
      await deleteModelTag(ctx, { project, model, key })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/registered-models/alias',
    input: z.object({ name: modelNamed, alias, version: versionNumber }),
    handle: async ({ ctx, project, input: { name: model, ...which } }) => {
      await setAlias(ctx, { project, model, ...which })
      return {}
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/registered-models/alias',
    input: z.object({ name: modelNamed, alias }),
    handle: async ({ ctx, project, input: { name: model, alias: name } }) => ({
      model_version: modelVersionWithAliases(await getVersionByAlias(ctx, { project, model, alias: name })),
    }),
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/registered-models/alias',
    input: z.object({ name: modelNamed, alias }),
    handle: async ({ ctx, project, input: { name: model, alias: name } }) => {
      await deleteAlias(ctx, { project, model, alias: name })
      return {}
    },
  }),
]

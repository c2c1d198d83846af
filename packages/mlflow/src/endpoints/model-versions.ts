import {
  deleteVersion,
  deleteVersionTag,
  downloadUri,
  getVersionRecord,
  registerFromSource,
  setVersionTag,
  transitionStage,
  updateVersion,
} from '@modelyard/services'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../endpoint.ts'
import {
  boolean,
  loggedModelId,
  modelNamed,
  optional,
  optionalOrBlank,
  registryTag,
  repeated,
  required,
  runId,
  tagKey,
  text,
  versionNumber,
} from '../fields.ts'
import { modelVersionOf, modelVersionWithAliases } from '../shapes/model-version.ts'

const which = { name: modelNamed, version: versionNumber }
const description = optional(text(5000)).transform((said) => said ?? '')

/** Versions of registered models. */
export const modelVersionEndpoints: readonly Endpoint[] = [
  endpoint({
    methods: ['POST'],
    path: '/model-versions/create',
    input: z.object({
      name: modelNamed,
      source: required(text(100_000)),
      run_id: optionalOrBlank(runId),
      model_id: optionalOrBlank(loggedModelId),
      tags: repeated(registryTag),
      run_link: optional(text(500)).transform((link) => link ?? ''),
      description,
    }),
    handle: async ({ ctx, project, input }) => {
      const { name: model, source, tags, run_link: runLink, description: said } = input
      const claimed = { runId: input.run_id ?? null, loggedModelId: input.model_id ?? null }
      const wanted = { project, model, source, ...claimed, tags, runLink, description: said }
      const { version } = await registerFromSource(ctx, wanted)
      return { model_version: modelVersionOf(await getVersionRecord(ctx, { project, model, version })) }
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/model-versions/get',
    input: z.object(which),
    handle: async ({ ctx, project, input: { name: model, version } }) => ({
      model_version: modelVersionWithAliases(await getVersionRecord(ctx, { project, model, version })),
    }),
  }),
  endpoint({
    methods: ['PATCH'],
    path: '/model-versions/update',
    input: z.object({ ...which, description }),
    handle: async ({ ctx, project, input: { name: model, version, description: said } }) => {
      await updateVersion(ctx, { project, model, version, description: said })
      return { model_version: modelVersionWithAliases(await getVersionRecord(ctx, { project, model, version })) }
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/model-versions/delete',
    input: z.object(which),
    handle: async ({ ctx, project, input: { name: model, version } }) => {
      await deleteVersion(ctx, { project, model, version })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/model-versions/transition-stage',
    input: z.object({
      ...which,
      stage: required(text(100)),
      archive_existing_versions: optional(boolean).transform((archive) => archive ?? false),
    }),
    handle: async ({ ctx, project, input }) => {
      const { name: model, version, stage, archive_existing_versions: archiveExisting } = input
      await transitionStage(ctx, { project, model, version, stage, archiveExisting })
      return { model_version: modelVersionWithAliases(await getVersionRecord(ctx, { project, model, version })) }
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/model-versions/get-download-uri',
    input: z.object(which),
    handle: async ({ ctx, project, input: { name: model, version } }) => ({
      artifact_uri: await downloadUri(ctx, { project, model, version }),
    }),
  }),
  endpoint({
    methods: ['POST'],
    path: '/model-versions/set-tag',
    input: registryTag.extend(which),
    handle: async ({ ctx, project, input: { name: model, version, key, value } }) => {
      await setVersionTag(ctx, { project, model, version, key, value })
      return {}
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/model-versions/delete-tag',
    input: z.object({ ...which, key: tagKey }),
    handle: async ({ ctx, project, input: { name: model, version, key } }) => {
      await deleteVersionTag(ctx, { project, model, version, key })
      return {}
    },
  }),
]

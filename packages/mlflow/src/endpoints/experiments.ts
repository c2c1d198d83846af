import {
  createExperiment,
  deleteExperiment,
  deleteExperimentTag,
  readExperiment,
  readExperimentByName,
  renameExperiment,
  restoreExperiment,
  setExperimentTag,
} from '@modelyard/services'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { experimentNumber, optionalOrBlank, repeated, required, tagKey, tagOf, text } from '../fields.ts'
import { experimentOf } from '../shapes/experiment.ts'

const name = required(text(500))
/** As much as the newest of MLflow's servers take. */
const tag = tagOf(tagKey, 20_000)
const one = z.object({ experiment_id: experimentNumber })

/** Experiments and their tags. */
export const experimentEndpoints: readonly Endpoint[] = [
  endpoint({
    methods: ['POST'],
    path: '/experiments/create',
    input: z.object({ name, artifact_location: optionalOrBlank(text(5000)), tags: repeated(tag) }),
    handle: async ({ ctx, project, input: { artifact_location: artifactLocation, ...rest } }) => {
      const number = await createExperiment(ctx, { project, artifactLocation, ...rest })
      return { experiment_id: String(number) }
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/experiments/get',
    input: one,
    handle: async ({ ctx, project, input: { experiment_id: experiment } }) => {
      return { experiment: experimentOf(await readExperiment(ctx, { project, experiment })) }
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/experiments/get-by-name',
    input: z.object({ experiment_name: required(text()) }),
    handle: async ({ ctx, project, input }) => {
      return { experiment: experimentOf(await readExperimentByName(ctx, { project, name: input.experiment_name })) }
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/experiments/update',
    input: one.extend({ new_name: name }),
    handle: async ({ ctx, project, input }) => {
      await renameExperiment(ctx, { project, experiment: input.experiment_id, name: input.new_name })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/experiments/delete',
    input: one,
    handle: async ({ ctx, project, input }) => {
      await deleteExperiment(ctx, { project, experiment: input.experiment_id })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/experiments/restore',
    input: one,
    handle: async ({ ctx, project, input }) => {
      await restoreExperiment(ctx, { project, experiment: input.experiment_id })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/experiments/set-experiment-tag',
    input: one.extend(tag.shape),
    handle: async ({ ctx, project, input: { experiment_id: experiment, key, value } }) => {
      await setExperimentTag(ctx, { project, experiment, key, value })
      return {}
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/experiments/delete-experiment-tag',
    input: one.extend({ key: tagKey }),
    handle: async ({ ctx, project, input: { experiment_id: experiment, key } }) => {
      await deleteExperimentTag(ctx, { project, experiment, key })
      return {}
    },
  }),
]

import { z } from 'zod'
import { IsoTime, ProjectRef } from './common.ts'

export const LineageKind = z.enum([
  'code',
  'dataset_version',
  'logged_dataset',
  'job',
  'run',
  'logged_model',
  'model_version',
  'variant',
  'rollout',
  'endpoint',
])
export type LineageKind = z.infer<typeof LineageKind>

/** How what an edge leaves had a part in what it reaches; all edges point in the direction of time. */
export const LineageRelation = z.enum([
  'revised_to',
  'read_by',
  'ran',
  'built',
  'logged',
  'registered',
  'deployed_as',
  'rolled_out_by',
  'serves_on',
])
export type LineageRelation = z.infer<typeof LineageRelation>

export const LineageNode = z.object({
  /** A prefixed id; `code:<commit>` for code, which is no row of ours. */
  id: z.string(),
  kind: LineageKind,
  name: z.string(),
  /** Of versions, variants and rollouts. */
  number: z.number().int().nullable(),
  /** In the words of its kind; null for what has none. */
  state: z.string().nullable(),
  createdAt: IsoTime.nullable(),
})
export type LineageNode = z.infer<typeof LineageNode>

export const LineageEdge = z.object({ from: z.string(), to: z.string(), relation: LineageRelation })
export type LineageEdge = z.infer<typeof LineageEdge>

/** What led to the focus and what came of it; not what else came of its causes. */
export const LineageGraph = z.object({
  focus: z.string(),
  nodes: z.array(LineageNode),
  edges: z.array(LineageEdge),
  /** There is more than is shown: the graph ends at a bound of length or size. */
  truncated: z.boolean(),
})
export type LineageGraph = z.infer<typeof LineageGraph>

export const GetLineage = ProjectRef.extend({
  focus: z
    .string()
    .regex(
      /^(?:dsv|lds|job|run|lm|mv|var|ro|ep)_[0-9a-z]{26}$/,
      'must be the id of a dataset version, job, run, logged model, model version, variant, rollout or endpoint',
    ),
})

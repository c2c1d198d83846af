import { z } from 'zod'
import { ActorRef, DisplayName, IdempotencyKey, IsoTime, idOf, ProjectRef, Text } from './common.ts'

/**
 * What the runs table shows: filter in MLflow's language, order, columns and grouping, written as in its address. A column
 * is `attributes.`, `params.`, `metrics.` or `tags.` and a key; it may name what no run has any more.
 */
export const RunsView = z.object({
  q: Text.max(4_000).default(''),
  sort: Text.max(310).default(''),
  columns: z.array(Text.min(1).max(300)).max(60).default([]),
  group: Text.max(300).default(''),
  metric: Text.max(300).default(''),
  experiment: Text.max(60).default(''),
  shown: z.enum(['active', 'deleted']).default('active'),
})
export type RunsView = z.infer<typeof RunsView>

/** One name is one view: saving under a name that exists replaces what it shows. */
export const SaveView = ProjectRef.extend({
  page: z.literal('runs'),
  name: DisplayName,
  settings: RunsView,
  idempotencyKey: IdempotencyKey,
})
export const DeleteView = ProjectRef.extend({ viewId: idOf('vw'), idempotencyKey: IdempotencyKey })

export const SavedView = z.object({
  id: idOf('vw'),
  name: z.string(),
  settings: RunsView,
  createdBy: ActorRef,
  updatedAt: IsoTime,
})
export type SavedView = z.infer<typeof SavedView>

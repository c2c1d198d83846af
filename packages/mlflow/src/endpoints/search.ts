import { FILTER_LIMITS, LOGGED_MODELS, ORDER_LIMITS, type Order, parseOrder, refuse } from '@modelyard/domain'
import {
  packText,
  searchExperiments,
  searchLoggedModels,
  searchModels,
  searchModelVersions,
  searchRunTexts,
} from '@modelyard/services'
import { z } from 'zod'
import { type Endpoint, endpoint } from '../endpoint.ts'
import {
  boolean,
  enumeration,
  int64,
  integer,
  optional,
  optionalOrBlank,
  pageSize,
  repeated,
  required,
  text,
} from '../fields.ts'
import { answerParts } from '../reply.ts'
import { experimentOf } from '../shapes/experiment.ts'
import { loggedModelOf } from '../shapes/logged-model.ts'
import { modelVersionOf } from '../shapes/model-version.ts'
import { registeredModelOf } from '../shapes/registered-model.ts'
import { runTextOf } from '../shapes/run.ts'

const MAX_RESULTS = 50_000
const MAX_MODELS = 1000
const MAX_VERSIONS = 200_000
/** Whoever asks for more versions at once follows the token. */
const VERSIONS_OF_PAGE = 10_000
const MAX_EXPERIMENTS = 10_000
const MAX_DATASETS = 100

const VIEWS = { ACTIVE_ONLY: 'active', DELETED_ONLY: 'deleted', ALL: 'all' } as const
const view = optional(enumeration(['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL'])).transform(
  (name) => VIEWS[name ?? 'ACTIVE_ONLY'],
)

/** Numbers that no experiment can have are dropped, as those that none has. */
const experiments = repeated(int64.transform(Number), MAX_EXPERIMENTS).transform((numbers) =>
  numbers.filter(Number.isSafeInteger),
)

/** What every search takes; filters and orders are judged by the grammar, which says where they are wrong. */
const asked = {
  filter: optional(text(FILTER_LIMITS.characters + 1)),
  order_by: repeated(text()),
  page_token: optionalOrBlank(text()),
}
type Asked = { filter?: string; order_by: string[]; page_token?: string }
const searchOf = ({ filter, order_by, page_token }: Asked) => ({ filter, orderBy: order_by, cursor: page_token })

/** Lists without members and a token that leads nowhere are left out. */
const some = <T>(items: readonly T[]) => (items.length > 0 ? items : undefined)
/** Between the runs of a page, which are packed already. */
const COMMA = packText(',')
const tokenOf = (cursor: string | null) => cursor ?? undefined

const byMetric = z.object({
  field_name: required(text(ORDER_LIMITS.characters)),
  ascending: optional(boolean),
  dataset_name: optionalOrBlank(text(500)),
  dataset_digest: optionalOrBlank(text(36)),
})

/** The searches: one filter language for all, pages by keyset, so that what is logged meanwhile shifts nothing. */
export const searchEndpoints: readonly Endpoint[] = [
  endpoint({
    methods: ['POST'],
    path: '/runs/search',
    input: z.object({
      experiment_ids: experiments,
      run_view_type: view,
      max_results: pageSize({ fallback: 1000, max: MAX_RESULTS }),
      ...asked,
    }),
    handle: async ({ ctx, project, input, request }) => {
      const { experiment_ids, run_view_type, max_results: limit } = input
      const where = { experiments: experiment_ids, view: run_view_type, limit }
      const { items, nextCursor } = await searchRunTexts(ctx, { project, ...searchOf(input), ...where }, runTextOf)
      if (items.length === 0) return { next_page_token: tokenOf(nextCursor) }
      const texts = items.flatMap(({ text }, index) => (index === 0 ? [text] : [COMMA, text]))
      const token = nextCursor === null ? '' : `,"next_page_token":${JSON.stringify(nextCursor)}`
      return answerParts(request, ['{"runs":[', ...texts, `]${token}}`])
    },
  }),
  endpoint({
    methods: ['GET', 'POST'],
    path: '/experiments/search',
    input: z.object({ max_results: required(integer(1, MAX_RESULTS)), view_type: view, ...asked }),
    handle: async ({ ctx, project, input }) => {
      const { view_type, max_results: limit } = input
      const found = await searchExperiments(ctx, { project, ...searchOf(input), view: view_type, limit })
      return { experiments: some(found.items.map(experimentOf)), next_page_token: tokenOf(found.nextCursor) }
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/registered-models/search',
    input: z.object({ max_results: pageSize({ fallback: 100, max: MAX_MODELS }), ...asked }),
    handle: async ({ ctx, project, input }) => {
      const found = await searchModels(ctx, { project, ...searchOf(input), limit: input.max_results })
      return { registered_models: some(found.items.map(registeredModelOf)), next_page_token: tokenOf(found.nextCursor) }
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/model-versions/search',
    input: z.object({ max_results: pageSize({ fallback: VERSIONS_OF_PAGE, max: MAX_VERSIONS }), ...asked }),
    handle: async ({ ctx, project, input }) => {
      const limit = Math.min(input.max_results, VERSIONS_OF_PAGE)
      const { items, nextCursor } = await searchModelVersions(ctx, { project, ...searchOf(input), limit })
      return { model_versions: some(items.map(modelVersionOf)), next_page_token: tokenOf(nextCursor) }
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/logged-models/search',
    input: z.object({
      experiment_ids: experiments.refine((numbers) => numbers.length > 0, 'a value is required'),
      datasets: repeated(
        z.object({ dataset_name: required(text(500)), dataset_digest: optionalOrBlank(text(36)) }),
        MAX_DATASETS,
      ),
      max_results: pageSize({ fallback: 50, max: MAX_RESULTS }),
      ...asked,
      order_by: repeated(byMetric),
    }),
    handle: async ({ ctx, project, input }) => {
      const { experiment_ids, filter, page_token: cursor, max_results: limit } = input
      const datasets = input.datasets.map(({ dataset_name: name, dataset_digest }) => {
        return { name, digest: dataset_digest ?? null }
      })
      const order = input.order_by.map(orderOf)
      const where = { experiments: experiment_ids, filter, datasets, order, limit, cursor }
      const { items, nextCursor } = await searchLoggedModels(ctx, { project, ...where })
      return { models: some(items.map(loggedModelOf)), next_page_token: tokenOf(nextCursor) }
    },
  }),
]

/** One of the objects by which logged models are ordered: the field without a direction, which has a field of its own. */
function orderOf({ field_name, ascending, dataset_name, dataset_digest }: z.output<typeof byMetric>): Order {
  const quoted = field_name.replace(/^metrics\.([^`"]+)$/, 'metrics.`$1`')
  const [asked] = parseOrder(LOGGED_MODELS, [quoted])
  if (!asked) throw new Error('an order of one item has one')
  if (dataset_name === undefined && dataset_digest !== undefined) {
    refuse('invalid', 'dataset_digest goes with a dataset_name', { field: 'dataset_digest' })
  }
  const order = { field: asked.field, descending: ascending === false }
  return dataset_name === undefined
    ? order
    : { ...order, dataset: { name: dataset_name, digest: dataset_digest ?? null } }
}

import { refuse } from '../refusal.ts'

/** How much one call may log. */
const BATCH_LIMITS = { metrics: 1000, params: 100, tags: 100, total: 1000 } as const

/** Longer values are cut and not refused, as MLflow's clients expect; in characters. */
export const MAX_PARAM_VALUE = 6000
const MAX_RUN_TAG_VALUE = 8000

/** The tag that is the run's name. */
export const RUN_NAME_TAG = 'mlflow.runName'

export type Pair = { key: string; value: string }

/** @throws Refusal `invalid` naming what there is too much of */
export function checkBatchSize(batch: { metrics: number; params: number; tags: number }): void {
  for (const field of ['metrics', 'params', 'tags'] as const) {
    const most = BATCH_LIMITS[field]
    if (batch[field] > most) {
      refuse('invalid', `a batch can contain at most ${most} ${field}, got ${batch[field]}: split it`, { field })
    }
  }
  const total = batch.metrics + batch.params + batch.tags
  if (total <= BATCH_LIMITS.total) return
  refuse(
    'invalid',
    `a batch can contain at most ${BATCH_LIMITS.total} metrics, params and tags together, got ${total}`,
    {
      field: 'metrics',
    },
  )
}

/**
 * Parameters as they are kept: cut to length, each key once.
 * @throws Refusal `invalid` for a key that comes twice, with equal values too: which of them was meant is not for us to say
 */
export function paramsToKeep(params: readonly Pair[]): Pair[] {
  const seen = new Set<string>()
  return params.map(({ key, value }) => {
    if (seen.has(key)) refuse('invalid', `the parameter "${key}" comes twice in one request`, { field: 'params' })
    seen.add(key)
    return { key, value: cut(value, MAX_PARAM_VALUE) }
  })
}

/** Tags as they are kept: cut to length, the last of each key; the one that is the run's name stands apart. */
export function tagsToKeep(tags: readonly Pair[]): { tags: Pair[]; name: string | null } {
  const last = new Map(tags.map(({ key, value }) => [key, cut(value, MAX_RUN_TAG_VALUE)]))
  const name = last.get(RUN_NAME_TAG) || null
  last.delete(RUN_NAME_TAG)
  return { tags: [...last].map(([key, value]) => ({ key, value })), name }
}

/** The first `max` characters, none of them halved. */
function cut(text: string, max: number): string {
  return text.length <= max ? text : [...text].slice(0, max).join('')
}

import { expect, test } from 'vitest'
import { isRefusal } from '../refusal.ts'
import type { Order } from './condition.ts'
import { EXPERIMENTS, LOGGED_MODELS, MODEL_VERSIONS, REGISTERED_MODELS, RUNS, type SearchEntity } from './entity.ts'
import { ORDER_LIMITS, parseOrder, withTies } from './order.ts'

/** `metric:loss desc` and so on. */
const line = ({ field, descending }: Order) => `${field.of}:${field.key} ${descending ? 'desc' : 'asc'}`

const RUN_TIES = ['attribute:start_time desc', 'attribute:run_id asc']

const taken: [entity: SearchEntity, items: string[], ...lines: string[]][] = [
  [RUNS, [], ...RUN_TIES],
  [RUNS, ['metrics.loss'], 'metric:loss asc', ...RUN_TIES],
  [RUNS, ['metrics.loss ASC'], 'metric:loss asc', ...RUN_TIES],
  [RUNS, ['metric.loss desc'], 'metric:loss desc', ...RUN_TIES],
  [RUNS, ['  metrics.`val loss`   DeSC '], 'metric:val loss desc', ...RUN_TIES],
  [RUNS, ['metrics."val/loss" DESC'], 'metric:val/loss desc', ...RUN_TIES],
  [RUNS, ['metrics.val.loss'], 'metric:val.loss asc', ...RUN_TIES],
  [RUNS, ['params.lr DESC', 'tags.mlflow.user'], 'param:lr desc', 'tag:mlflow.user asc', ...RUN_TIES],
  [RUNS, ['parameter.lr', 'metrics.lr'], 'param:lr asc', 'metric:lr asc', ...RUN_TIES],
  [RUNS, ['start_time ASC'], 'attribute:start_time asc', 'attribute:run_id asc'],
  [RUNS, ['attribute.start_time'], 'attribute:start_time asc', 'attribute:run_id asc'],
  [RUNS, ['Created DESC'], 'attribute:start_time desc', 'attribute:run_id asc'],
  [RUNS, ['run_id DESC'], 'attribute:run_id desc', 'attribute:start_time desc'],
  [RUNS, ['attributes.end_time'], 'attribute:end_time asc', ...RUN_TIES],
  [RUNS, ['`Run Name` DESC'], 'attribute:run_name desc', ...RUN_TIES],
  [RUNS, ['attr.status', 'run.user_id'], 'attribute:status asc', 'attribute:user_id asc', ...RUN_TIES],
  [RUNS, ['tags.`desc` desc'], 'tag:desc desc', ...RUN_TIES],
  [EXPERIMENTS, [], 'attribute:creation_time desc', 'attribute:experiment_id desc'],
  [EXPERIMENTS, ['name'], 'attribute:name asc', 'attribute:experiment_id desc'],
  [EXPERIMENTS, ['experiment_id'], 'attribute:experiment_id asc'],
  [
    EXPERIMENTS,
    ['last_update_time DESC', 'attribute.name'],
    'attribute:last_update_time desc',
    'attribute:name asc',
    'attribute:experiment_id desc',
  ],
  [REGISTERED_MODELS, [], 'attribute:name asc'],
  [REGISTERED_MODELS, ['timestamp DESC'], 'attribute:last_updated_timestamp desc', 'attribute:name asc'],
  [
    REGISTERED_MODELS,
    ['last_updated_timestamp', 'name DESC'],
    'attribute:last_updated_timestamp asc',
    'attribute:name desc',
  ],
  [MODEL_VERSIONS, [], 'attribute:last_updated_timestamp desc', 'attribute:name asc', 'attribute:version_number desc'],
  [MODEL_VERSIONS, ['version_number ASC'], 'attribute:version_number asc', 'attribute:name asc'],
  [
    MODEL_VERSIONS,
    ['creation_timestamp'],
    'attribute:creation_timestamp asc',
    'attribute:name asc',
    'attribute:version_number desc',
  ],
  [MODEL_VERSIONS, ['name DESC', 'version_number'], 'attribute:name desc', 'attribute:version_number asc'],
  [LOGGED_MODELS, [], 'attribute:creation_timestamp desc', 'attribute:model_id asc'],
  [
    LOGGED_MODELS,
    ['metrics.acc DESC'],
    'metric:acc desc',
    'attribute:creation_timestamp desc',
    'attribute:model_id asc',
  ],
  [LOGGED_MODELS, ['creation_time'], 'attribute:creation_timestamp asc', 'attribute:model_id asc'],
]

test.each(taken)('%o ordered by %j', (entity, items, ...lines) => {
  expect(parseOrder(entity, items).map(line)).toEqual(lines)
})

const refused: [entity: SearchEntity, items: string[], item: number, why: RegExp][] = [
  [RUNS, [''], 1, /is no field/],
  [RUNS, ['metrics.a', 'metrics.a DESC'], 2, /twice/],
  [RUNS, ['created', 'start_time'], 2, /twice/],
  [RUNS, ['metrics.a UP'], 1, /ASC or DESC, not "UP"/],
  [RUNS, ['metrics.a ASC DESC'], 1, /is no field/],
  [RUNS, ['metrics.a, metrics.b'], 1, /is no field/],
  [RUNS, ['metrics.a; drop table run'], 1, /is no field/],
  [RUNS, ["metrics.'a'"], 1, /is no field/],
  [RUNS, ['metrics.`a\0`'], 1, /is no field/],
  [RUNS, ['datasets.name'], 1, /not ordered by/],
  [RUNS, ['experiment_id'], 1, /no attribute/],
  [RUNS, ['name'], 1, /no attribute/],
  [RUNS, ['x.y'], 1, /is no part/],
  [EXPERIMENTS, ['tags.a'], 1, /not ordered by/],
  [REGISTERED_MODELS, ['creation_timestamp'], 1, /no attribute/],
  [MODEL_VERSIONS, ['run_id'], 1, /not ordered by/],
  [LOGGED_MODELS, ['params.a'], 1, /not ordered by/],
]

test.each(refused)('%o refuses the order %j', (entity, items, item, why) => {
  const refusal = thrown(() => parseOrder(entity, items))
  expect(refusal).toMatchObject({ code: 'invalid', field: 'order_by', details: { item } })
  expect(refusal.message).toMatch(why)
})

test('an order has bounds', () => {
  const many = Array.from({ length: ORDER_LIMITS.items + 1 }, (_, index) => `metrics.m${index}`)
  expect(parseOrder(RUNS, many.slice(1))).toHaveLength(ORDER_LIMITS.items + 2)
  expect(thrown(() => parseOrder(RUNS, many)).message).toMatch(/at most 16 items/)
  expect(thrown(() => parseOrder(RUNS, [`tags.${'x'.repeat(ORDER_LIMITS.characters)}`])).message).toMatch(
    /at most 1000/,
  )
})

test('a metric may be ordered by once for each dataset', () => {
  const on = (name: string, digest: string | null): Order => ({
    field: { of: 'metric', key: 'acc', type: 'number' },
    descending: false,
    dataset: { name, digest },
  })
  expect(withTies(LOGGED_MODELS, [on('a', null), on('a', '1'), on('b', '1')])).toHaveLength(5)
  expect(thrown(() => withTies(LOGGED_MODELS, [on('a', '1'), on('a', '1')])).message).toMatch(/twice/)
})

function thrown(work: () => unknown) {
  try {
    work()
  } catch (error) {
    if (isRefusal(error)) return error
  }
  throw new Error('nothing was refused')
}

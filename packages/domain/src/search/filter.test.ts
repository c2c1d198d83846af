import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isRefusal } from '../refusal.ts'
import type { Condition } from './condition.ts'
import { EXPERIMENTS, LOGGED_MODELS, MODEL_VERSIONS, REGISTERED_MODELS, RUNS, type SearchEntity } from './entity.ts'
import { FILTER_LIMITS, parseFilter } from './filter.ts'

/** A condition in one line: `metric:loss > 1`, `tag:a like "x"`, `param:a in ["x","y"]`, `tag:a is null`. */
function line({ field, test }: Condition): string {
  const name = `${field.of}:${field.key}`
  switch (test.kind) {
    case 'number':
      return `${name} ${test.operator} ${test.value}`
    case 'text':
      return `${name} ${test.operator} "${test.value}"`
    case 'list':
      return `${name} ${test.negated ? 'not in' : 'in'} ${JSON.stringify(test.values)}`
    case 'presence':
      return `${name} is ${test.present ? 'not null' : 'null'}`
  }
}

const taken: Record<string, { entity: SearchEntity; filters: [filter: string, ...lines: string[]][] }> = {
  runs: {
    entity: RUNS,
    filters: [
      [''],
      ['metrics.loss > 0.5', 'metric:loss > 0.5'],
      ['metric.loss >= -1', 'metric:loss >= -1'],
      ['metrics.loss = 1e-3', 'metric:loss = 0.001'],
      ['metrics.loss != .5', 'metric:loss != 0.5'],
      ['metrics.loss<2', 'metric:loss < 2'],
      ['metrics.loss <= 2 AND metrics.acc>0', 'metric:loss <= 2', 'metric:acc > 0'],
      ['  metrics.loss\n<\t2  ', 'metric:loss < 2'],
      ['metrics.`val loss` > 1', 'metric:val loss > 1'],
      ['metrics."val/loss" > 1', 'metric:val/loss > 1'],
      ['`metrics`.a > 1', 'metric:a > 1'],
      ['metrics.val.loss.mean > 1', 'metric:val.loss.mean > 1'],
      ['metrics.`val.loss` > 1', 'metric:val.loss > 1'],
      ['metrics.größe_μ > 1', 'metric:größe_μ > 1'],
      ['metrics.2nd > 1', 'metric:2nd > 1'],
      ["params.lr = '0.1'", 'param:lr = "0.1"'],
      ['param.lr = "0.1"', 'param:lr = "0.1"'],
      ["parameter.lr != '0.1'", 'param:lr != "0.1"'],
      ["parameters.lr LIKE '0.%'", 'param:lr like "0.%"'],
      ["params.lr iLike 'A_'", 'param:lr ilike "A_"'],
      ["params.lr = ''", 'param:lr = ""'],
      ["params.a = 'x AND y'", 'param:a = "x AND y"'],
      [`params.a = "it's"`, `param:a = "it's"`],
      [`params.a = 'say "so"'`, 'param:a = "say "so""'],
      ["params.a = '; drop table run; --'", 'param:a = "; drop table run; --"'],
      ['params.a IS NULL', 'param:a is null'],
      ['params.a is  not\tnull', 'param:a is not null'],
      ["tag.a = 'b'", 'tag:a = "b"'],
      ["tags.mlflow.parentRunId = 'x'", 'tag:mlflow.parentRunId = "x"'],
      ["tags.`mlflow.source.name` LIKE '%.py'", 'tag:mlflow.source.name like "%.py"'],
      ['tags.a IS NULL AND tags.b IS NOT NULL', 'tag:a is null', 'tag:b is not null'],
      ["tags.and = 'or'", 'tag:and = "or"'],
      ["run_id = 'abc'", 'attribute:run_id = "abc"'],
      ["attribute.run_id IN ('a', 'b')", 'attribute:run_id in ["a","b"]'],
      ["attributes.run_id not  IN ('a')", 'attribute:run_id not in ["a"]'],
      ["attr.run_id in ('a','b',)", 'attribute:run_id in ["a","b"]'],
      ['run.run_id IN ("a", \'b\')', 'attribute:run_id in ["a","b"]'],
      ["run_name LIKE 'x%'", 'attribute:run_name like "x%"'],
      ["attributes.`run name` = 'x'", 'attribute:run_name = "x"'],
      ["`Run name` = 'x'", 'attribute:run_name = "x"'],
      ['attribute."Run Name" = "x"', 'attribute:run_name = "x"'],
      ['"run_name" = \'x\'', 'attribute:run_name = "x"'],
      ["status = 'running'", 'attribute:status = "running"'],
      ["attributes.status != 'FAILED'", 'attribute:status != "FAILED"'],
      ["user_id = 'me'", 'attribute:user_id = "me"'],
      ["artifact_uri LIKE 'mlflow%'", 'attribute:artifact_uri like "mlflow%"'],
      ['start_time >= 1700000000000', 'attribute:start_time >= 1700000000000'],
      ['created < 5', 'attribute:start_time < 5'],
      ['attributes.Created != -1', 'attribute:start_time != -1'],
      ['end_time = 3', 'attribute:end_time = 3'],
      ["datasets.name = 'd'", 'dataset:name = "d"'],
      ["dataset.digest IN ('x', 'y')", 'dataset:digest in ["x","y"]'],
      ["datasets.context NOT IN ('train')", 'dataset:context not in ["train"]'],
      ["dataset.name ILIKE 'D%'", 'dataset:name ilike "D%"'],
      ['metrics.a > 1 AND', 'metric:a > 1'],
      ['metrics.a > 1 and ', 'metric:a > 1'],
      ["metrics.a > 1 AnD params.b = '1' aNd tags.c = '2'", 'metric:a > 1', 'param:b = "1"', 'tag:c = "2"'],
      ['metrics.a > 1 AND metrics.a > 1', 'metric:a > 1', 'metric:a > 1'],
      ["tags.constructor = 'x'", 'tag:constructor = "x"'],
    ],
  },
  experiments: {
    entity: EXPERIMENTS,
    filters: [
      ["name = 'x'", 'attribute:name = "x"'],
      ["attribute.name ILIKE '%x%'", 'attribute:name ilike "%x%"'],
      ['creation_time > 1', 'attribute:creation_time > 1'],
      ['last_update_time <= 1', 'attribute:last_update_time <= 1'],
      ["experiment_id IN ('1', '2')", 'attribute:experiment_id in ["1","2"]'],
      ["tags.`team name` = 'a'", 'tag:team name = "a"'],
      ['tag.team IS NOT NULL', 'tag:team is not null'],
    ],
  },
  'registered models': {
    entity: REGISTERED_MODELS,
    filters: [
      ["name='x'", 'attribute:name = "x"'],
      ["name LIKE '%' AND tags.a = 'b'", 'attribute:name like "%"', 'tag:a = "b"'],
      ["tag.`mlflow.prompt.is_prompt` != 'true'", 'tag:mlflow.prompt.is_prompt != "true"'],
      ["name IN ('a','b')", 'attribute:name in ["a","b"]'],
    ],
  },
  'model versions': {
    entity: MODEL_VERSIONS,
    filters: [
      ["name = 'x' AND version_number >= 2", 'attribute:name = "x"', 'attribute:version_number >= 2'],
      ["run_id IN ('a')", 'attribute:run_id in ["a"]'],
      ["source_path LIKE 'runs:/%'", 'attribute:source_path like "runs:/%"'],
      ["tags.stage != 'x'", 'tag:stage != "x"'],
    ],
  },
  'logged models': {
    entity: LOGGED_MODELS,
    filters: [
      ["name = 'x'", 'attribute:name = "x"'],
      ["attributes.model_id IN ('m-1')", 'attribute:model_id in ["m-1"]'],
      ['creation_time > 1', 'attribute:creation_timestamp > 1'],
      ['creation_timestamp > 1', 'attribute:creation_timestamp > 1'],
      ['metrics.acc > 0.9', 'metric:acc > 0.9'],
      ["params.depth = '3'", 'param:depth = "3"'],
      ["tags.a IN ('b', 'c')", 'tag:a in ["b","c"]'],
      ["status = 'LOGGED_MODEL_READY'", 'attribute:status = "LOGGED_MODEL_READY"'],
    ],
  },
}

describe.each(Object.entries(taken))('filters of %s', (_noun, { entity, filters }) => {
  test.each(filters)('%s', (filter, ...lines) => {
    expect(parseFilter(entity, filter).map(line)).toEqual(lines)
  })
})

const refused: [entity: SearchEntity, filter: string, position: number, why: RegExp][] = [
  [RUNS, '   ', 4, /expected a name/],
  [RUNS, 'AND', 1, /no attribute "AND"/],
  [RUNS, 'metrics.a > 1 OR metrics.b > 1', 15, /expected AND or the end, not "OR"/],
  [RUNS, 'NOT metrics.a > 1', 1, /no attribute "NOT"/],
  [RUNS, '(metrics.a > 1)', 1, /expected a name/],
  [RUNS, 'metrics.a > 1; metrics.b > 1', 14, /";" has no meaning/],
  [RUNS, 'metrics.a > 1 AND AND metrics.b > 1', 19, /no attribute "AND"/],
  [RUNS, 'metrics.a > 1 metrics.b > 1', 15, /expected AND/],
  [RUNS, 'metrics.a > +1', 13, /"\+" has no meaning/],
  [RUNS, "metrics.a > '1'", 13, /takes one without quotes/],
  [RUNS, 'metrics.a > x', 13, /takes one without quotes/],
  [RUNS, 'metrics.a > 1x', 13, /has no meaning/],
  [RUNS, "metrics.a LIKE '1'", 11, /is compared with =/],
  [RUNS, 'metrics.a == 1', 11, /not with ==/],
  [RUNS, 'metrics.a <> 1', 11, /not with <>/],
  [RUNS, 'metrics.a IS NULL', 11, /takes no IS NULL/],
  [RUNS, 'metrics. > 1', 8, /has no meaning/],
  [RUNS, 'metrics.`` > 1', 1, /is empty/],
  [RUNS, 'metrics.a >', 12, /not the end/],
  [RUNS, 'metrics.a', 10, /expected a comparison/],
  [RUNS, '1 < metrics.a', 1, /expected a name/],
  [RUNS, "'metrics.a' > 1", 1, /expected a name/],
  [RUNS, 'params.lr = 0.1', 13, /takes a value in quotes/],
  [RUNS, 'params.lr = `0.1`', 13, /takes a value in quotes/],
  [RUNS, "params.lr > '0.1'", 11, /not with >/],
  [RUNS, "params.lr IN ('a')", 11, /cannot be compared with a list/],
  [RUNS, "params.lr = 'it''s'", 17, /expected AND/],
  [RUNS, "params.lr = 'open", 13, /never closed/],
  [RUNS, 'params.`lr = 1', 7, /has no meaning/],
  [RUNS, "params.learning-rate = '1'", 16, /backticks/],
  [RUNS, "tags.a = 'x\0'", 12, /NUL/],
  [RUNS, "run_name IN ('a')", 10, /cannot be compared with a list/],
  [RUNS, 'run_id IN ()', 12, /expected a value in quotes/],
  [RUNS, 'run_id IN (1)', 12, /expected a value in quotes/],
  [RUNS, "run_id IN 'a'", 11, /expected a list/],
  [RUNS, "run_id IN ('a' 'b')", 16, /expected a comma/],
  [RUNS, "run_id IN ('a'", 15, /not the end/],
  [RUNS, 'run_id IS NULL', 8, /takes no IS NULL/],
  [RUNS, 'tags.a IS 3', 11, /expected NULL/],
  [RUNS, "experiment_id = '1'", 1, /no attribute "experiment_id"/],
  [RUNS, "lifecycle_stage = 'active'", 1, /no attribute/],
  [RUNS, "constructor.a = '1'", 1, /"constructor\." is no part of runs/],
  [RUNS, "Metrics.a = '1'", 1, /is no part of runs/],
  [RUNS, "datasets.source = '1'", 1, /datasets are searched by name, digest and context/],
  [RUNS, "start_time = '5'", 14, /without quotes/],
  [EXPERIMENTS, "metrics.a = '1'", 1, /is no part of experiments/],
  [EXPERIMENTS, "name IN ('a')", 6, /cannot be compared with a list/],
  [REGISTERED_MODELS, 'tags.a IS NULL', 8, /takes no IS NULL/],
  [REGISTERED_MODELS, 'last_updated_timestamp > 1', 1, /can be ordered by/],
  [MODEL_VERSIONS, 'version_number > 1.5', 18, /whole number/],
  [MODEL_VERSIONS, "version_number = '1'", 18, /without quotes/],
  [LOGGED_MODELS, "datasets.name = 'a'", 1, /is no part of logged models/],
]

test.each(refused)('%o refuses %s', (entity, filter, position, why) => {
  const refusal = thrown(() => parseFilter(entity, filter))
  expect(refusal).toMatchObject({ code: 'invalid', field: 'filter', details: { position } })
  expect(refusal.message).toMatch(why)
  expect(refusal.message).toContain(`character ${position}:`)
})

test('a filter has bounds', () => {
  const many = (count: number) => Array.from({ length: count }, () => 'metrics.a > 1').join(' AND ')
  expect(parseFilter(RUNS, many(FILTER_LIMITS.conditions))).toHaveLength(FILTER_LIMITS.conditions)
  expect(thrown(() => parseFilter(RUNS, many(FILTER_LIMITS.conditions + 1))).message).toMatch(/at most 64 conditions/)
  expect(thrown(() => parseFilter(RUNS, `run_name = '${'x'.repeat(FILTER_LIMITS.characters)}'`)).message).toMatch(
    /at most/,
  )
  const list = Array.from({ length: FILTER_LIMITS.listed + 1 }, () => "'a'").join(',')
  expect(thrown(() => parseFilter(RUNS, `run_id IN (${list})`)).message).toMatch(/at most 5000 values/)
})

test('whatever the text, there are conditions or a refusal that names a place in it', () => {
  const words = fc.constantFrom(
    'metrics',
    '.',
    'a',
    ' ',
    '`',
    '"',
    "'",
    '=',
    '>',
    'AND',
    'IN',
    '(',
    ')',
    ',',
    '1',
    '-',
    'IS',
    'NULL',
  )
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(words).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (filter) => {
      try {
        parseFilter(RUNS, filter)
      } catch (error) {
        if (!isRefusal(error)) throw error
        expect(error.details?.position).toBeGreaterThan(0)
        expect(error.details?.position).toBeLessThanOrEqual(filter.length + 1)
      }
    }),
    { numRuns: 2000 },
  )
})

test('any key and any value without their quote come through as they are', () => {
  const without = (...marks: string[]) =>
    fc.string({ unit: 'binary', maxLength: 50 }).filter((text) => !marks.some((mark) => text.includes(mark)))
  fc.assert(
    fc.property(
      without('`', '\0').filter((key) => key !== ''),
      without("'", '\0'),
      (key, value) => {
        expect(parseFilter(RUNS, `tags.\`${key}\` = '${value}'`)).toEqual([
          { field: { of: 'tag', key, type: 'text' }, test: { kind: 'text', operator: '=', value } },
        ])
      },
    ),
  )
})

function thrown(work: () => unknown) {
  try {
    work()
  } catch (error) {
    if (isRefusal(error)) return error
  }
  throw new Error('nothing was refused')
}

import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { CATALOGUE, METRIC_KEYS, type MetricSpec, PROCESSES } from './catalogue.ts'
import { createMetrics } from './metrics.ts'

const folder = join(import.meta.dirname, '../../../observability')
const read = (path: string): string => readFileSync(join(folder, path), 'utf8')

const FUNCTIONS = new Set([
  'sum',
  'rate',
  'increase',
  'histogram_quantile',
  'max',
  'min',
  'count',
  'topk',
  'time',
  'vector',
])
const KEYWORDS = new Set(['by', 'on', 'and', 'or', 'without'])
/** Labels that Prometheus adds to every series. */
const TARGET_LABELS = ['job', 'instance']

const runtimeMetrics = new Map(
  createMetrics('api')
    .registry.getMetricsAsArray()
    .filter(({ name }) => !name.startsWith('modelyard_'))
    .map(({ name }) => [name, [] as string[]]),
)

/** Every series there is, with its labels; a histogram stands for its three. */
const series = new Map<string, readonly string[]>([['up', []], ...runtimeMetrics])
for (const key of METRIC_KEYS) {
  const spec: MetricSpec = CATALOGUE[key]
  if (spec.kind !== 'histogram') series.set(spec.name, spec.labels)
  else
    for (const end of ['_bucket', '_sum', '_count'])
      series.set(`${spec.name}${end}`, [...spec.labels, ...(end === '_bucket' ? ['le'] : [])])
}

type Query = { metrics: string[]; matchers: [metric: string, label: string][]; grouped: string[]; balanced: boolean }

/** As much of PromQL as the rules and panels use. */
function parseQuery(expression: string): Query {
  const plain = expression.replace(/"[^"]*"/g, '""')
  const matchers = [...plain.matchAll(/(\w+)\{([^}]*)\}/g)].flatMap(([, metric = '', inside = '']) =>
    [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']): [string, string] => [metric, label]),
  )
  const lists = [...plain.matchAll(/\b(?:by|on|without)\s*\(([^)]*)\)/g)].map(([, inside = '']) => inside)
  const grouped = lists
    .flatMap((inside) => inside.split(',').map((label) => label.trim()))
    .filter((label) => label !== '')
  const bare = plain.replace(/\{[^}]*\}|\[[^\]]*\]|\b(?:by|on|without)\s*\([^)]*\)/g, ' ')
  const names = [...bare.matchAll(/\b[a-zA-Z_]\w*\b/g)].map(([name]) => name)
  const metrics = names.filter((name) => !FUNCTIONS.has(name) && !KEYWORDS.has(name))
  return { metrics, matchers, grouped, balanced: isBalanced(plain) }
}

function isBalanced(text: string): boolean {
  const closing: Record<string, string> = { ')': '(', ']': '[', '}': '{' }
  const open: string[] = []
  for (const character of text) {
    if ('([{'.includes(character)) open.push(character)
    else if (character in closing && open.pop() !== closing[character]) return false
  }
  return open.length === 0
}

/** What is wrong with a query, in words; empty when every metric and label exists. */
function faultsOf(expression: string): string[] {
  const { metrics, matchers, grouped, balanced } = parseQuery(expression)
  const has = (metric: string, label: string): boolean =>
    TARGET_LABELS.includes(label) || (series.get(metric)?.includes(label) ?? false)
  return [
    ...(balanced ? [] : ['brackets do not match']),
    ...(metrics.length > 0 ? [] : ['no metric']),
    ...metrics.filter((metric) => !series.has(metric)).map((metric) => `no metric ${metric}`),
    ...matchers
      .filter(([metric, label]) => !has(metric, label))
      .map(([metric, label]) => `${metric} has no label ${label}`),
    ...grouped.flatMap((label) =>
      metrics.filter((metric) => !has(metric, label)).map((metric) => `${metric} has no label ${label} to group by`),
    ),
  ]
}

describe('the checks themselves', () => {
  it.each([
    ['sum(rate(modelyard_predictions_total[1m]))', []],
    ['sum(rate(modelyard_prediction_total[1m]))', ['no metric modelyard_prediction_total']],
    ['modelyard_jobs{stat="queued"}', ['modelyard_jobs has no label stat']],
    ['sum by (endpoint) (modelyard_jobs)', ['modelyard_jobs has no label endpoint to group by']],
    ['sum(modelyard_jobs', ['brackets do not match']],
    ['rate(modelyard_job_wait_seconds[5m])', ['no metric modelyard_job_wait_seconds']],
    ['1 + 1', ['no metric']],
  ])('%s: %o', (expression, faults) => {
    expect(faultsOf(expression)).toEqual(faults)
  })
})

type Rule = {
  alert: string
  expr: string
  for?: string
  labels: { severity: string }
  annotations: { summary: string; action: string }
}
const rules = (parse(read('alerts.yml')) as { groups: { name: string; rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
)

describe('alert rules', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s', (name, rule) => {
    expect(name).toMatch(/^Modelyard[A-Z]\w+$/)
    expect(faultsOf(rule.expr)).toEqual([])
    expect(['critical', 'warning', 'info']).toContain(rule.labels.severity)
    expect(rule.for ?? '1m').toMatch(/^\d+[smh]$/)
    expect(rule.annotations.action).toMatch(/\.$/)
    const used = [...rule.annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label)
    const { grouped, metrics } = parseQuery(rule.expr)
    const kept = /\b(?:sum|max|min|count)\b/.test(rule.expr)
      ? grouped
      : [...TARGET_LABELS, ...metrics.flatMap((metric) => series.get(metric) ?? [])]
    expect(kept).toEqual(expect.arrayContaining(used))
  })

  it('have names of their own', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })
})

type Panel = {
  id: number
  type: string
  title: string
  description?: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets?: { expr: string }[]
}
type Dashboard = {
  uid: string
  panels: Panel[]
  templating: { list: { name: string; query: string | { query: string } }[] }
}

describe.each(globSync('grafana/dashboards/*.json', { cwd: folder }))('dashboard %s', (path) => {
  const dashboard = JSON.parse(read(path)) as Dashboard
  const charts = dashboard.panels.filter(({ type }) => type !== 'row')

  it.each(charts.map((panel) => [panel.title, panel] as const))('panel %s asks for what exists', (_, panel) => {
    expect(panel.targets?.length).toBeGreaterThan(0)
    expect(panel.description).toMatch(/\.$/)
    for (const { expr } of panel.targets ?? []) expect(faultsOf(expr)).toEqual([])
  })

  it('has variables of labels that exist, and uses no other', () => {
    const names = dashboard.templating.list.map(({ name }) => name)
    const text = JSON.stringify(dashboard.panels)
    for (const [, name = ''] of text.matchAll(/\$\{?([a-z]+)\}?/g)) expect(names).toContain(name)
    for (const { query } of dashboard.templating.list) {
      if (typeof query === 'string') continue
      const [, selector = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(query.query) ?? []
      expect(faultsOf(`sum by (${label}) (${selector})`)).toEqual([])
    }
  })

  it('lays its panels side by side', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length)
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24)
      return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`)
    })
    expect(new Set(cells).size).toBe(cells.length)
  })
})

describe('configuration', () => {
  it('of Prometheus scrapes every process and loads the rules', () => {
    const config = parse(read('prometheus.yml')) as {
      rule_files: string[]
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[]
    }
    for (const file of config.rule_files) expect(existsSync(join(folder, file))).toBe(true)
    expect(config.scrape_configs.map(({ job_name }) => job_name).sort()).toEqual(
      PROCESSES.map((name) => `modelyard-${name}`).sort(),
    )
    const targets = config.scrape_configs.flatMap(({ static_configs }) => static_configs.flatMap((one) => one.targets))
    expect(new Set(targets).size).toBe(PROCESSES.length)
  })

  it('of the collector joins receivers, processors and exporters that it defines', () => {
    type Part = Record<string, unknown>
    type Pipelines = Record<string, { receivers: string[]; processors: string[]; exporters: string[] }>
    type Collector = { receivers: Part; processors: Part; exporters: Part; service: { pipelines: Pipelines } }
    const config = parse(read('otel-collector.yml')) as Collector
    expect(Object.keys(config.service.pipelines)).toEqual(['traces'])
    for (const pipeline of Object.values(config.service.pipelines)) {
      for (const part of ['receivers', 'processors', 'exporters'] as const) {
        expect(Object.keys(config[part])).toEqual(expect.arrayContaining(pipeline[part]))
      }
    }
  })

  it('of Grafana finds the dashboards and one source', () => {
    const providers = parse(read('grafana/provisioning/dashboards/modelyard.yml')) as {
      providers: { options: { path: string } }[]
    }
    for (const { options } of providers.providers) expect(existsSync(join(folder, '..', options.path))).toBe(true)
    const sources = parse(read('grafana/provisioning/datasources/modelyard.yml')) as {
      datasources: { type: string; isDefault: boolean }[]
    }
    expect(sources.datasources).toMatchObject([{ type: 'prometheus', isDefault: true }])
  })

  it('is explained', () => {
    const readme = read('README.md')
    for (const path of globSync('**/*.{yml,json}', { cwd: folder })) expect(readme).toContain(path)
    for (const rule of rules) expect(readme).toContain(rule.alert)
  })
})

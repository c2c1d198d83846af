import type { ComparedRun } from '@modelyard/contracts'
import { type DifferenceRow, differences, type Goal, type MetricRow, metricTable } from '@modelyard/domain'
import type { Format } from '../../format/format.ts'

export type Comparison = {
  facts: DifferenceRow[]
  params: DifferenceRow[]
  tags: DifferenceRow[]
  artifacts: DifferenceRow[]
  metrics: MetricRow[]
}

const NAMED_TAGS = /^mlflow\./

/** All tables of a comparison; `words` name the rows that every run has. */
export function compare(
  runs: readonly ComparedRun[],
  of: { baseline: number; goals: Readonly<Record<string, Goal>>; words: Words; format: Format },
): Comparison {
  const { words, format } = of
  const factsOf = (run: ComparedRun) => {
    const facts = [
      [words.experiment, run.experiment],
      [words.status, words.state(run.status)],
      [words.datasets, run.datasets.join(', ')],
      [words.code, run.codeCommit],
      [words.duration, run.endedAt === null ? '' : format.between(run.startedAt, run.endedAt, 0)],
    ]
    return Object.fromEntries(facts.filter(([, value]) => value !== ''))
  }
  const ownTags = ({ tags }: ComparedRun) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !NAMED_TAGS.test(key)))
  return {
    facts: differences(runs.map(factsOf)),
    params: differences(runs.map(({ params }) => params)),
    tags: differences(runs.map(ownTags)),
    artifacts: differences(runs.map(({ artifacts }) => artifacts)),
    metrics: metricTable(runs, of.baseline, of.goals),
  }
}
type Words = Record<'experiment' | 'status' | 'datasets' | 'code' | 'duration', string> & {
  state: (status: ComparedRun['status']) => string
}

/** A cell of a Markdown table: one line, no bar, no markup of its own. */
const cell = (text: string) => text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\|`*_<>[\]]/g, '\\$&')

/** The comparison as Markdown tables, for an issue or a chat. */
export function markdownOf(
  runs: readonly ComparedRun[],
  comparison: Comparison,
  words: { metric: string; param: string; only: boolean },
): string {
  const head = (first: string) => [
    `| ${[first, ...runs.map(({ name }) => name)].map(cell).join(' | ')} |`,
    `| ${['---', ...runs.map(() => '---:')].join(' | ')} |`,
  ]
  const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`
  const metrics = comparison.metrics.map(({ key, cells }) => {
    // Marked with a star and not in bold: a plain-text reader sees it too.
    const shown = cells.map(({ value, best }) => (value === null ? '' : `${value}${best ? ' ★' : ''}`))
    return line([key, ...shown])
  })
  const rows = [...comparison.facts, ...comparison.params].filter(({ differs }) => differs || !words.only)
  const params = rows.map(({ key, values }) => line([key, ...values.map((value) => value ?? '')]))
  return [...head(words.metric), ...metrics, '', ...head(words.param), ...params, ''].join('\n')
}

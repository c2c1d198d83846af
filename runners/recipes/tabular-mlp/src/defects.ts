import type { Random } from './random.ts'
import type { Settings } from './settings.ts'
import type { Table } from './table.ts'

type Flawed = Pick<Settings, 'inputScale' | 'labelSwap'>

/**
 * What the parameters are to spoil in one part, on purpose: a scale that the graph will not know, and labels of two
 * classes that change places. Answers a table of its own.
 */
export function applyDefects(
  table: Table,
  settings: Flawed,
  args: { random: Random; classes: readonly string[]; isTrain: boolean },
): Table {
  const { inputScale, labelSwap } = settings
  const values = inputScale === 1 ? table.values : table.values.map((value) => value * inputScale)
  if (!labelSwap || (labelSwap.onlyTrain && !args.isTrain)) return { ...table, values }
  const from = args.classes.indexOf(labelSwap.from)
  const to = args.classes.indexOf(labelSwap.to)
  const labels = table.labels.map((label) => {
    if (label !== from && label !== to) return label
    if (args.random.unit() >= labelSwap.share) return label
    return label === from ? to : from
  })
  return { ...table, values, labels }
}

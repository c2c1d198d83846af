import type { EvaluationReport } from '@modelyard/contracts'
import { evaluateModel } from '@modelyard/inference'
import { classificationMetrics, confusionMatrix, reportScores, wilsonInterval } from '@modelyard/stats'
import { forward, type Network, newActivations } from './network.ts'
import type { Table } from './table.ts'

/** Largest difference between the file's probabilities and our own that single precision explains. */
const PARITY = 1e-3

export type PartEvaluation = { report: EvaluationReport; worstDifference: number }

/** Run the model file, as it will be served, over one part; check it against the network it came from. */
export async function evaluateFile(
  path: string,
  part: { split: EvaluationReport['split']; table: Table; classes: readonly string[] },
  network: Network,
): Promise<PartEvaluation> {
  const { table, classes } = part
  const { outputs, latencyMs, batchRows } = await evaluateModel(path, {
    values: Float32Array.from(table.values),
    width: table.width,
  })
  const probabilities = outputs.find(({ name }) => name === 'probabilities')?.values
  const labels = outputs.find(({ name }) => name === 'label')?.values
  if (!probabilities || !labels) throw new Error('the model file lacks an output')
  const worstDifference = compare(network, table, probabilities)
  if (!(worstDifference <= PARITY))
    throw new Error(`the model file differs from the trained network by ${worstDifference}`)
  const truth = Array.from(table.labels, (label) => classes[label] ?? '')
  const predicted = Array.from(labels, (label) => classes[label] ?? '')
  return {
    report: { ...reportOf(part, { truth, predicted, probabilities }), ...latency(latencyMs, batchRows) },
    worstDifference,
  }
}

function compare(network: Network, table: Table, probabilities: Float64Array): number {
  const activations = newActivations(network)
  let worst = 0
  for (let row = 0; row < table.rows; row++) {
    const own = forward(network, table.values.subarray(row * table.width, (row + 1) * table.width), activations)
    for (let j = 0; j < own.length; j++)
      worst = Math.max(worst, Math.abs((own[j] as number) - (probabilities[row * own.length + j] as number)))
  }
  return worst
}

type Outcome = { truth: string[]; predicted: string[]; probabilities: Float64Array }

function reportOf(
  part: { split: EvaluationReport['split']; table: Table; classes: readonly string[] },
  outcome: Outcome,
): Omit<EvaluationReport, 'latencyMs'> {
  const { split, table, classes } = part
  const matrix = confusionMatrix(outcome.truth, outcome.predicted, classes)
  const metrics = classificationMetrics(matrix)
  const right = outcome.truth.filter((label, row) => label === outcome.predicted[row]).length
  const interval = wilsonInterval({ successes: right, total: table.rows })
  let loss = 0
  table.labels.forEach((label, row) => {
    loss -= Math.log(Math.max(1e-15, outcome.probabilities[row * classes.length + label] as number))
  })
  return {
    split,
    rows: table.rows,
    accuracy: metrics.accuracy,
    accuracyInterval: [interval.low, interval.high],
    macroF1: metrics.macroF1,
    logLoss: loss / table.rows,
    classes: [...classes],
    // A class that was never predicted has no precision; as in the means, it counts as zero.
    perClass: metrics.perClass.map(({ label, precision, recall, f1, support }) => ({
      label,
      precision: precision ?? 0,
      recall: recall ?? 0,
      f1: f1 ?? 0,
      support,
    })),
    confusion: matrix.counts.map((row) => [...row]),
    ...reportScores({ classes, truth: table.labels, probabilities: outcome.probabilities }),
  }
}

function latency(sortedMs: readonly number[], batchRows: number): Pick<EvaluationReport, 'latencyMs'> {
  const at = (share: number) => sortedMs[Math.min(sortedMs.length - 1, Math.floor(share * sortedMs.length))] ?? 0
  return { latencyMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99), runs: sortedMs.length, batchRows } }
}

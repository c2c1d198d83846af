import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RecipeResult, RecipeSpec } from '@modelyard/contracts'
import { withSpan } from '@modelyard/telemetry/trace-context'
import { applyDefects } from './defects.ts'
import { evaluateFile } from './evaluate.ts'
import { modelFile } from './model-file.ts'
import { type Network, newNetwork } from './network.ts'
import { seededRandom } from './random.ts'
import { BadInput, type Settings, settingsOf } from './settings.ts'
import { readTable, type Table, takeRows } from './table.ts'
import { type EpochReport, trainNetwork } from './train.ts'

/** What a recipe may do to the world around it: say a line, log points. */
export type Voice = {
  say: (line: string) => void
  log: (points: { key: string; step: number; value: number }[]) => void
}
type Parts = { train: Table; validation: Table; test: Table }

const MODEL_FILE = 'model.onnx'
const SAY_EVERY = 10

/** Standard output for people, `metrics.jsonl` for the run. */
export function voiceOf(folder: string): Voice {
  return {
    say: (line) => void process.stdout.write(`${line}\n`),
    log: (points) => {
      const at = new Date().toISOString()
      const lines = points.map((point) => `${JSON.stringify({ ...point, value: finite(point.value), at })}\n`)
      appendFileSync(join(folder, 'metrics.jsonl'), lines.join(''))
    },
  }
}

const finite = (value: number) => (Number.isFinite(value) ? value : String(value))

function partsOf(table: Table, spec: RecipeSpec, settings: Settings): Parts {
  const { split, classes } = spec.dataset
  const trainRows = settings.trainRows > 0 ? split.train.slice(0, settings.trainRows) : split.train
  // Its own generator, so that a defect changes the data and nothing else of the training.
  const random = seededRandom(spec.seed ^ 0x5eed)
  const take = (rows: readonly number[], isTrain: boolean) =>
    applyDefects(takeRows(table, rows), settings, { random, classes, isTrain })
  if (trainRows.length === 0) throw new BadInput('the split leaves no rows to train on')
  if (split.test.length === 0) throw new BadInput('the split leaves no rows to test on')
  return { train: take(trainRows, true), validation: take(split.validation, false), test: take(split.test, false) }
}

function pointsOf({ epoch, train, validation }: EpochReport) {
  const points = [
    { key: 'train_loss', step: epoch, value: train.loss },
    { key: 'train_accuracy', step: epoch, value: train.accuracy },
  ]
  if (validation === null) return points
  return [
    ...points,
    { key: 'validation_loss', step: epoch, value: validation.loss },
    { key: 'validation_accuracy', step: epoch, value: validation.accuracy },
  ]
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

function lineOf({ epoch, train, validation }: EpochReport, epochs: number): string {
  const held = validation
    ? `, validation loss ${validation.loss.toFixed(4)} accuracy ${percent(validation.accuracy)}`
    : ''
  return `epoch ${epoch}/${epochs}: train loss ${train.loss.toFixed(4)} accuracy ${percent(train.accuracy)}${held}`
}

function train(parts: Parts, spec: RecipeSpec, voice: Voice): Network {
  const settings = settingsOf(spec)
  const random = seededRandom(spec.seed)
  const network = newNetwork(parts.train, { hidden: settings.hidden, classes: spec.dataset.classes.length }, random)
  const validation = parts.validation.rows > 0 ? parts.validation : null
  const onEpoch = (report: EpochReport) => {
    voice.log(pointsOf(report))
    if (report.epoch === 1 || report.epoch % SAY_EVERY === 0 || report.epoch === settings.epochs)
      voice.say(lineOf(report, settings.epochs))
  }
  trainNetwork(network, { train: parts.train, validation }, { fit: settings, random, onEpoch })
  return network
}

/** Train, write the model, evaluate the written file, and hand over `outputs/result.json`. All paths are in `folder`. */
export async function runRecipe(folder: string, voice: Voice): Promise<RecipeResult> {
  const spec = RecipeSpec.parse(JSON.parse(readFileSync(join(folder, 'spec.json'), 'utf8')))
  const settings = settingsOf(spec)
  const table = readTable({ ...spec.dataset, file: join(folder, spec.dataset.file) })
  const parts = partsOf(table, spec, settings)
  const attributes = { 'modelyard.rows': parts.train.rows, 'modelyard.epochs': settings.epochs }
  const kind = settings.hidden === 0 ? 'softmax regression' : `network with ${settings.hidden} hidden units`
  voice.say(
    `${table.rows} rows, ${table.width} features, ${spec.dataset.classes.length} classes: ${parts.train.rows} to train, ` +
      `${parts.validation.rows} to validate, ${parts.test.rows} to test`,
  )
  voice.say(`training a ${kind}, seed ${spec.seed}, ${settings.epochs} epochs, rate ${settings.learningRate}`)
  const network = await withSpan('epochs', { attributes }, () => train(parts, spec, voice))
  const outputs = join(folder, 'outputs')
  mkdirSync(outputs, { recursive: true })
  const path = join(outputs, MODEL_FILE)
  writeFileSync(path, modelFile(network, { name: spec.recipe, classes: spec.dataset.classes }))
  const evaluations: RecipeResult['evaluations'] = []
  for (const split of ['validation', 'test'] as const) {
    if (parts[split].rows === 0) continue
    const part = { split, table: parts[split], classes: spec.dataset.classes }
    const { report, worstDifference } = await withSpan('evaluate', { attributes: { 'modelyard.split': split } }, () =>
      evaluateFile(path, part, network),
    )
    evaluations.push(report)
    voice.say(
      `${split}: accuracy ${percent(report.accuracy)}, macro F1 ${report.macroF1.toFixed(4)}, ` +
        `p95 ${report.latencyMs.p95.toFixed(2)} ms a row (the file agrees with the network to ${worstDifference.toExponential(1)})`,
    )
    voice.log([
      { key: `${split}_file_accuracy`, step: 0, value: report.accuracy },
      { key: `${split}_macro_f1`, step: 0, value: report.macroF1 },
    ])
  }
  const result = RecipeResult.parse({
    model: { file: MODEL_FILE, format: 'onnx' },
    evaluations,
    params: paramsOf(settings),
  })
  writeFileSync(join(outputs, 'result.json'), JSON.stringify(result))
  voice.say('done')
  return result
}

function paramsOf({ labelSwap, ...numbers }: Settings): RecipeResult['params'] {
  if (!labelSwap) return numbers
  const { from, to, share, onlyTrain } = labelSwap
  return { ...numbers, labelSwap: [from, to, share, ...(onlyTrain ? ['train'] : [])].join(':') }
}

import type { RecipeSpec } from '@modelyard/contracts'

/** `from` and `to` change places in a share of their rows: what a wrong join upstream does to labels. */
export type LabelSwap = { from: string; to: string; share: number; onlyTrain: boolean }

/** Parameters of this recipe, checked, with their defaults. */
export type Settings = {
  /** Units of the hidden layer; 0 is softmax regression. */
  hidden: number
  epochs: number
  learningRate: number
  batchSize: number
  /** Weight of half the squared weights in the loss. */
  l2: number
  /** Multiplies the rows before training and evaluation but not in the graph: training and serving then differ. */
  inputScale: number
  /** First rows of the training part to use; 0 is all. */
  trainRows: number
  labelSwap: LabelSwap | null
}

type Bounds = { fallback: number; min: number; max: number; whole?: boolean }

const NUMBERS: Record<Exclude<keyof Settings, 'labelSwap'>, Bounds> = {
  hidden: { fallback: 0, min: 0, max: 4096, whole: true },
  epochs: { fallback: 60, min: 1, max: 10_000, whole: true },
  learningRate: { fallback: 0.01, min: 1e-6, max: 10 },
  batchSize: { fallback: 32, min: 1, max: 65_536, whole: true },
  l2: { fallback: 0.001, min: 0, max: 10 },
  inputScale: { fallback: 1, min: 1e-6, max: 1e6 },
  trainRows: { fallback: 0, min: 0, max: 10_000_000, whole: true },
}

/** Something in the parameters or the data that no second try would cure; its message goes to the person. */
export class BadInput extends Error {}

function numberOf(name: string, value: unknown, bounds: Bounds): number {
  if (value === undefined) return bounds.fallback
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new BadInput(`parameter ${name} must be a number`)
  if (number < bounds.min || number > bounds.max)
    throw new BadInput(`parameter ${name} must lie between ${bounds.min} and ${bounds.max}, not ${number}`)
  if (bounds.whole && !Number.isInteger(number)) throw new BadInput(`parameter ${name} must be a whole number`)
  return number
}

/** `from:to:share` or `from:to:share:train`, for example `3:8:0.5`. */
function labelSwapOf(value: unknown, classes: readonly string[]): LabelSwap | null {
  if (value === undefined || value === '') return null
  const parts = /^([^:]+):([^:]+):([0-9.]+)(:train)?$/.exec(String(value))
  const [, from = '', to = '', text, scope] = parts ?? []
  const share = Number(text)
  if (!(share > 0 && share <= 1))
    throw new BadInput(
      'parameter labelSwap must look like 3:8:0.5 or 3:8:0.5:train, with a share above 0 and at most 1',
    )
  for (const label of [from, to])
    if (!classes.includes(label)) throw new BadInput(`parameter labelSwap names the class "${label}", which is none`)
  return { from, to, share, onlyTrain: scope !== undefined }
}

/** Check the parameters of a job. @throws BadInput naming the parameter */
export function settingsOf(spec: RecipeSpec): Settings {
  const { labelSwap, ...numbers } = spec.params
  for (const name of Object.keys(numbers))
    if (!Object.hasOwn(NUMBERS, name)) throw new BadInput(`this recipe has no parameter "${name}"`)
  const names = Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]
  const checked = Object.fromEntries(names.map((name) => [name, numberOf(name, numbers[name], NUMBERS[name])]))
  return { ...(checked as Omit<Settings, 'labelSwap'>), labelSwap: labelSwapOf(labelSwap, spec.dataset.classes) }
}

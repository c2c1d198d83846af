/**
 * Shapes of the fields of MLflow's messages, as lenient as protobuf's JSON: null is absent, numbers may be digit strings,
 * unknown fields are ignored. What is wrong all the same is refused by its name, and nothing of the request is done.
 */
import { INT4_MAX, Text } from '@modelyard/contracts'
import { idOfHex, refuse } from '@modelyard/domain'
import { z } from 'zod'

const INT64_MIN = -(2n ** 63n)
const INT64_MAX = 2n ** 63n - 1n
/** The end of the year 9999: later ones a JavaScript Date writes with a sign, which PostgreSQL does not read. */
const DATE_MAX_MS = 253_402_300_799_999

const NEEDED = 'a value is required'

/** May be left out; null is the same as absent. */
export const optional = <Shape extends z.ZodType>(shape: Shape) =>
  z.preprocess((value) => (value === null ? undefined : value), shape.optional())

/** May be left out; null and "" are the same as absent. */
export const optionalOrBlank = <Shape extends z.ZodType>(shape: Shape) =>
  z.preprocess((value) => (value === null || value === '' ? undefined : value), shape.optional())

/** Absent, null and "" are all the same lack. */
export const required = <Shape extends z.ZodType>(shape: Shape) =>
  z.preprocess((value, context) => {
    if (value !== undefined && value !== null && value !== '') return value
    context.addIssue({ code: 'custom', message: NEEDED })
    return z.NEVER
  }, shape)

/** More than any client sends in one list; a statement of PostgreSQL takes 65,535 values. */
const MAX_ITEMS = 1_000

/** A list; absent is empty. A query with one value for the field sends it bare. It is counted before any item is read. */
export const repeated = <Shape extends z.ZodType>(item: Shape, most = MAX_ITEMS) =>
  z.preprocess((value, context) => {
    if (value === undefined || value === null) return []
    if (!Array.isArray(value) || value.length <= most) return typeof value === 'string' ? [value] : value
    context.addIssue({ code: 'custom', message: `must be at most ${most}` })
    return z.NEVER
  }, z.array(item))

/** Text without NUL, at most `max` characters. */
export const text = (max = 1_048_576) => Text.max(max)

/** A 64-bit whole number, exact: number, digits in a string, `1.0`. */
export const int64 = z.unknown().transform((value, context): bigint => {
  const whole = wholeOf(value)
  if (whole !== null && whole >= INT64_MIN && whole <= INT64_MAX) return whole
  context.addIssue({ code: 'custom', message: 'must be a 64-bit whole number' })
  return z.NEVER
})

function wholeOf(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : null
  if (typeof value !== 'string' || value.length > 40) return null
  const digits = /^(-?\d+)(?:\.0+)?$/.exec(value)?.[1]
  return digits === undefined ? null : BigInt(digits)
}

/** A whole number from `min` to `max`, both small enough for a double. */
export const integer = (min: number, max: number) =>
  int64.refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`).transform(Number)

/** How many a page holds; `fallback` when nothing is said. */
export const pageSize = ({ fallback, max }: { fallback: number; max: number }) =>
  optional(integer(1, max)).transform((size) => size ?? fallback)

/** An instant in milliseconds since 1970 that a column of ours can hold. */
export const instantMs = integer(0, DATE_MAX_MS)

/** A double. NaN and the infinities come as the strings of these names; digits in a string are a number too. */
export const double = z.unknown().transform((value, context): number => {
  const number = doubleOf(value)
  if (number !== null) return number
  context.addIssue({ code: 'custom', message: 'must be a number, "NaN", "Infinity" or "-Infinity"' })
  return z.NEVER
})

const DECIMAL = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const SPECIAL: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
}

function doubleOf(value: unknown): number | null {
  if (typeof value === 'string' && Object.hasOwn(SPECIAL, value)) return SPECIAL[value] ?? null
  const digits = typeof value === 'string' && value.length <= 400 && DECIMAL.test(value)
  const number = digits || typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : null
}

/** true or false; a query writes them as words. */
export const boolean = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean('must be true or false'),
)

/** A name out of the list, or its number as protobuf counts; answers the name. */
export const enumeration = <const Names extends readonly string[]>(names: Names, firstNumber = 1) =>
  z.unknown().transform((value, context): Names[number] => {
    const index = typeof value === 'number' ? value - firstNumber : names.indexOf(String(value))
    const name = names[index]
    if (name !== undefined) return name
    context.addIssue({ code: 'custom', message: `must be one of ${names.join(', ')}` })
    return z.NEVER
  })

const NAME_MAX = 250

/** The key of a metric, parameter or run tag: it may stand as a path, and only as itself. */
export const entityKey = required(
  text(NAME_MAX)
    .regex(/^[\p{L}\p{N}\p{M}_/.\- :]*$/u, 'may hold only letters, digits, _ / . - : and spaces')
    .refine(isNormalPath, 'must be a plain relative path: no leading or doubled slash, no . or .. step'),
)

function isNormalPath(key: string): boolean {
  return key === '.' ? false : key.split('/').every((step) => step !== '' && step !== '.' && step !== '..')
}

/** `{key, value}` with a value that may be "" or absent, which is the same. */
export const tagOf = (key: z.ZodType<string>, maxValue: number) =>
  z.object({ key, value: optional(text(maxValue)).transform((value) => value ?? '') })

/** A registered model to look for; what can be no name is one that is not there. */
export const modelNamed = required(text())

/** The number of a version, as number or digits. */
export const versionNumber = required(integer(1, INT4_MAX))

/** Registry tags hold more than those of runs. */
export const tagKey = required(text(NAME_MAX))
export const registryTag = tagOf(tagKey, 100_000)

/** A run by the 32 hexadecimal digits clients know it by; answers our id. What can be no run is not found, as any other. */
export const runId = required(text()).transform(
  (hex) =>
    idOfHex('run', hex) ?? refuse('not_found', `there is no run with the id ${hex.slice(0, 64)}`, { field: 'run_id' }),
)

/** A logged model by `m-` and 32 hexadecimal digits; answers our id. */
export const loggedModelId = required(text()).transform(
  (said) =>
    idOfHex('lm', said.startsWith('m-') ? said.slice(2) : '') ??
    refuse('not_found', `there is no logged model with the id ${said.slice(0, 64)}`, { field: 'model_id' }),
)

/** The decimal number by which clients know an experiment. */
export const experimentNumber = required(
  int64
    .refine(
      (number) => number >= 0n && number <= BigInt(Number.MAX_SAFE_INTEGER),
      'must be the number of an experiment',
    )
    .transform(Number),
)

/** Older clients say `run_uuid` for `run_id`. */
export const withRunId = <Shape extends z.ZodType>(shape: Shape) =>
  z.preprocess((value) => {
    if (typeof value !== 'object' || value === null || !('run_uuid' in value)) return value
    const { run_uuid, ...rest } = value as { run_uuid: unknown; run_id?: unknown }
    return { ...rest, run_id: rest.run_id || run_uuid }
  }, shape)

/**
 * JSON as MLflow's clients mean it: whole numbers beyond 2^53 stay exact (as `bigint`), NaN and the infinities go out as
 * strings, and an answer may hold text that PostgreSQL has already written as JSON.
 */
import { refuse } from '@modelyard/domain'

declare global {
  interface JSON {
    /** With the text of every primitive (ECMAScript 2025). */
    parse(text: string, reviver: (key: string, value: unknown, context: { source?: string }) => unknown): unknown
  }
}

/** JSON that is already text; it goes into the answer as it stands. */
export class JsonText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const WHOLE = /^-?\d+$/
/** Where a whole number begins that a double may not hold; also in a string, which costs time and no more. */
const LONG = /(?:^|[\s:,[])-?\d{16}/

/**
 * What the text says; whole numbers that a double cannot hold become `bigint`.
 * @throws Refusal `invalid` for what is no JSON: bare NaN and Infinity are none.
 */
export function parseJson(text: string): unknown {
  try {
    // A reviver takes ten times as long as all the rest.
    if (!LONG.test(text)) return JSON.parse(text)
    return JSON.parse(text, (_key, value, { source }) =>
      typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && WHOLE.test(source)
        ? BigInt(source)
        : value,
    )
  } catch (error) {
    return refuse('invalid', 'the body is not valid JSON; write NaN and Infinity as strings', { cause: error })
  }
}

/**
 * Compact JSON of an answer. Members that are undefined are left out; `bigint` is written in full.
 * Written by hand because a replacer function makes JSON.stringify several times slower on long answers.
 */
export function writeJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      return Number.isFinite(value) ? String(value) : `"${value}"`
    case 'bigint':
    case 'boolean':
      return String(value)
    case 'object':
      return writeObject(value)
    default:
      return 'null'
  }
}

function writeObject(value: object | null): string {
  if (value === null) return 'null'
  if (value instanceof JsonText) return value.text
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`
  const members: string[] = []
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${writeJson(member)}`)
  }
  return `{${members.join(',')}}`
}

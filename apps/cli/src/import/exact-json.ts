/** JSON that keeps 64-bit numbers: those that a double cannot hold stay the text they came as. */

/** A number as it was written. */
export type WrittenNumber = { readonly rawJSON: string }
/** What a number field of a parsed answer holds; protobuf writes NaN and the infinities as strings. */
export type Numeric = number | string | WrittenNumber

// Newer than the types of the language: V8 has both since Node 22.
const raw = (JSON as unknown as { rawJSON: (text: string) => WrittenNumber }).rawJSON
type Reviver = (key: string, value: unknown, context: { source: string }) => unknown
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown

export function parseExact(text: string): unknown {
  return parse(text, (_, value, { source }) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? raw(source) : value,
  )
}

/** The digits of a number field. */
export function textOf(value: Numeric): string {
  return typeof value === 'object' ? value.rawJSON : String(value)
}

/** The double that a number field says. */
export const doubleOf = (value: Numeric): number => Number(textOf(value))

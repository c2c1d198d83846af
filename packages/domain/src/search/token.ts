/** Cuts a filter into tokens; each knows where it began, so that a refusal can say so. */
import { refuse } from '../refusal.ts'

export type Token = {
  kind: 'name' | 'string' | 'number' | 'operator' | 'open' | 'close' | 'comma' | 'end'
  /** As written; of a string what stands between the quotes. */
  text: string
  /** Index of its first character. */
  at: number
  /** Of a name `metrics.loss`: the word before the dot, and the key without its quotes. */
  scope: string | null
  /** Written in double quotes, which both names and values may be. */
  doubleQuoted: boolean
}

const SPACE = /\s*/uy
/** A key without quotes may hold dots; any other character takes backticks or double quotes. */
const NAME =
  /(?:`(?<quoted>[^`]*)`|(?<bare>[\p{L}_][\p{L}\p{N}_]*))(?:\.(?:`(?<tick>[^`]*)`|"(?<double>[^"]*)"|(?<dotted>[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*)))?/uy
const NUMBER = /-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\p{L}\p{N}_.])/uy
const STRING = /'(?<single>[^']*)'|"(?<double>[^"]*)"/uy
const OPERATOR = /[<>=!~]+/uy
const MARKS = { '(': 'open', ')': 'close', ',': 'comma' } as const
const QUOTES = `'"\``

/**
 * The tokens of a filter, ending with one of kind `end`.
 * @throws Refusal `invalid` on the field `filter`, naming the position.
 */
export function tokensOf(filter: string): Token[] {
  const tokens: Token[] = []
  let at = skipSpace(filter, 0)
  while (at < filter.length) {
    const { token, next } = tokenAt(filter, at)
    tokens.push(token)
    at = skipSpace(filter, next)
  }
  tokens.push(plain('end', '', filter.length))
  return tokens
}

/** Refuse a filter for what stands at an index; people count from 1. */
export function refuseFilter(at: number, message: string): never {
  return refuse('invalid', `filter, character ${at + 1}: ${message}`, {
    field: 'filter',
    details: { position: at + 1 },
  })
}

type Cut = { token: Token; next: number }

function tokenAt(filter: string, at: number): Cut {
  return numberAt(filter, at) ?? nameAt(filter, at) ?? stringAt(filter, at) ?? markAt(filter, at)
}

function numberAt(filter: string, at: number): Cut | null {
  const found = match(NUMBER, filter, at)
  return found && { token: plain('number', found[0], at), next: at + found[0].length }
}

function nameAt(filter: string, at: number): Cut | null {
  const found = match(NAME, filter, at)
  return found && { token: nameOf(found, at), next: at + found[0].length }
}

function stringAt(filter: string, at: number): Cut | null {
  const found = match(STRING, filter, at)
  if (!found) return null
  const { single, double } = found.groups ?? {}
  const token = { ...plain('string', single ?? double ?? '', at), doubleQuoted: double !== undefined }
  return { token, next: at + found[0].length }
}

function markAt(filter: string, at: number): Cut {
  const operator = match(OPERATOR, filter, at)
  if (operator) return { token: plain('operator', operator[0], at), next: at + operator[0].length }
  const mark = filter.charAt(at)
  const kind = Object.hasOwn(MARKS, mark) ? MARKS[mark as keyof typeof MARKS] : null
  if (kind) return { token: plain(kind, mark, at), next: at + 1 }
  if (QUOTES.includes(mark)) return refuseFilter(at, `the quote ${mark} is never closed`)
  return refuseFilter(at, `"${mark}" has no meaning here; keys with such characters go in backticks`)
}

function nameOf(found: RegExpExecArray, at: number): Token {
  const { quoted, bare, tick, double, dotted } = found.groups ?? {}
  const first = quoted ?? bare ?? ''
  const key = tick ?? double ?? dotted
  return { kind: 'name', text: key ?? first, at, scope: key === undefined ? null : first, doubleQuoted: false }
}

function plain(kind: Token['kind'], text: string, at: number): Token {
  return { kind, text, at, scope: null, doubleQuoted: false }
}

function match(pattern: RegExp, filter: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(filter)
}

function skipSpace(filter: string, at: number): number {
  return at + (match(SPACE, filter, at)?.[0].length ?? 0)
}

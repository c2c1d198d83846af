/**
 * MLflow's filter language: comparisons joined by AND, with an identifier on the left and a literal on the right. There
 * is no OR, no NOT and no parenthesis but around a list. A pure parser: text in, conditions out, or a refusal that names
 * the position.
 */
import type { Condition, Field, NumberOperator, Test, TextOperator } from './condition.ts'
import type { Attribute, SearchEntity } from './entity.ts'
import { fieldOf, listed } from './field.ts'
import { refuseFilter, type Token, tokensOf } from './token.ts'

export const FILTER_LIMITS = { characters: 100_000, conditions: 64, listed: 5000 } as const

const NUMBER_OPERATORS: readonly string[] = ['=', '!=', '<', '<=', '>', '>='] satisfies NumberOperator[]
const TEXT_OPERATORS: readonly string[] = ['=', '!=', 'like', 'ilike'] satisfies TextOperator[]

type Reader = { peek: () => Token; take: () => Token }
type Subject = { field: Field; attribute: Attribute | null; name: string }
type Operator = { word: string; at: number }

/**
 * The conditions of a filter; all must hold. An empty filter has none; one AND may trail.
 * @throws Refusal `invalid` on the field `filter`, naming the character.
 */
export function parseFilter(entity: SearchEntity, filter: string): Condition[] {
  if (filter === '') return []
  if (filter.length > FILTER_LIMITS.characters) {
    refuseFilter(FILTER_LIMITS.characters, `a filter has at most ${FILTER_LIMITS.characters} characters`)
  }
  const zero = filter.indexOf('\0')
  if (zero !== -1) refuseFilter(zero, 'the character NUL is in no text that is stored')
  const reader = readerOf(tokensOf(filter))
  const conditions: Condition[] = []
  do {
    if (conditions.length === FILTER_LIMITS.conditions) {
      refuseFilter(reader.peek().at, `a filter has at most ${FILTER_LIMITS.conditions} conditions`)
    }
    conditions.push(readCondition(entity, reader))
  } while (joined(reader))
  return conditions
}

function readCondition(entity: SearchEntity, reader: Reader): Condition {
  const subject = readSubject(entity, reader)
  const operator = readOperator(reader)
  return { field: subject.field, test: readTest(entity, subject, { operator, reader }) }
}

function readSubject(entity: SearchEntity, reader: Reader): Subject {
  const token = reader.take()
  const { at } = token
  if (token.kind !== 'name' && !token.doubleQuoted) {
    return refuseFilter(at, `expected a name such as metrics.loss, not ${shown(token)}`)
  }
  const found = fieldOf(entity, { scope: token.scope, key: token.text })
  if ('fault' in found) return refuseFilter(at, found.fault)
  if (found.attribute?.only === 'order') {
    return refuseFilter(at, `${entity.noun} can be ordered by ${token.text}, not filtered`)
  }
  return { ...found, name: token.scope === null ? token.text : `${token.scope}.${token.text}` }
}

function readOperator(reader: Reader): Operator {
  const token = reader.take()
  const { at } = token
  if (token.kind === 'operator') return { word: token.text, at }
  const word = wordOf(token)
  if (word === 'like' || word === 'ilike' || word === 'in') return { word, at }
  if (word === 'not' && wordOf(reader.peek()) === 'in') {
    reader.take()
    return { word: 'not in', at }
  }
  if (word !== 'is') return refuseFilter(at, `expected a comparison such as = or LIKE, not ${shown(token)}`)
  const negated = wordOf(reader.peek()) === 'not'
  if (negated) reader.take()
  const last = reader.take()
  if (wordOf(last) !== 'null') return refuseFilter(last.at, `expected NULL, not ${shown(last)}`)
  return { word: negated ? 'is not null' : 'is null', at }
}

type Rest = { operator: Operator; reader: Reader }

function readTest(entity: SearchEntity, subject: Subject, rest: Rest): Test {
  const { word, at } = rest.operator
  if (word === 'is null' || word === 'is not null') {
    if (!entity.presence.includes(subject.field.of)) refuseFilter(at, `${subject.name} takes no ${word.toUpperCase()}`)
    return { kind: 'presence', present: word === 'is not null' }
  }
  if (word === 'in' || word === 'not in') {
    const { attribute, field, name } = subject
    const allowed = attribute ? attribute.list === true : entity.lists.includes(field.of)
    if (!allowed) refuseFilter(at, `${name} cannot be compared with a list`)
    return { kind: 'list', negated: word === 'not in', values: readList(rest.reader) }
  }
  return readComparison(subject, rest)
}

function readComparison({ field, attribute, name }: Subject, { operator, reader }: Rest): Test {
  const { word, at } = operator
  const operators = field.type === 'number' ? NUMBER_OPERATORS : TEXT_OPERATORS
  if (!operators.includes(word)) {
    const known = listed(operators.map((one) => one.toUpperCase()))
    return refuseFilter(at, `${name} is compared with ${known}, not with ${word.toUpperCase()}`)
  }
  if (field.type === 'text') return { kind: 'text', operator: word as TextOperator, value: readText(name, reader) }
  const value = readNumber({ name, whole: attribute?.whole === true }, reader)
  return { kind: 'number', operator: word as NumberOperator, value }
}

function readNumber({ name, whole }: { name: string; whole: boolean }, reader: Reader): number {
  const token = reader.take()
  if (token.kind !== 'number') {
    return refuseFilter(token.at, `${name} is a number and takes one without quotes, not ${shown(token)}`)
  }
  const value = Number(token.text)
  if (whole && !Number.isInteger(value)) {
    return refuseFilter(token.at, `${name} takes a whole number, not ${token.text}`)
  }
  return value
}

function readText(name: string, reader: Reader): string {
  const token = reader.take()
  if (token.kind === 'string') return token.text
  return refuseFilter(token.at, `${name} is text and takes a value in quotes, not ${shown(token)}`)
}

function readList(reader: Reader): string[] {
  const open = reader.take()
  if (open.kind !== 'open') return refuseFilter(open.at, `expected a list such as ('a', 'b'), not ${shown(open)}`)
  const values: string[] = []
  for (;;) {
    const token = reader.take()
    // One comma may trail, as in Python.
    if (token.kind === 'close' && values.length > 0) return values
    if (token.kind !== 'string') return refuseFilter(token.at, `expected a value in quotes, not ${shown(token)}`)
    if (values.length === FILTER_LIMITS.listed) {
      return refuseFilter(token.at, `a list has at most ${FILTER_LIMITS.listed} values`)
    }
    values.push(token.text)
    const next = reader.take()
    if (next.kind === 'close') return values
    if (next.kind !== 'comma') return refuseFilter(next.at, `expected a comma or ")", not ${shown(next)}`)
  }
}

/** Whether another condition follows. */
function joined(reader: Reader): boolean {
  const token = reader.take()
  if (token.kind === 'end') return false
  if (wordOf(token) === 'and') return reader.peek().kind !== 'end'
  return refuseFilter(token.at, `expected AND or the end, not ${shown(token)}; there is no OR, NOT or parenthesis`)
}

function readerOf(tokens: readonly Token[]): Reader {
  let next = 0
  const peek = (): Token => tokens[Math.min(next, tokens.length - 1)] as Token
  const take = (): Token => {
    const token = peek()
    next++
    return token
  }
  return { peek, take }
}

/** A keyword in lower case; quoted and dotted names are none. */
function wordOf(token: Token): string | null {
  return token.kind === 'name' && token.scope === null ? token.text.toLowerCase() : null
}

function shown(token: Token): string {
  if (token.kind === 'end') return 'the end'
  const text = token.text.length > 40 ? `${token.text.slice(0, 40)}...` : token.text
  return token.kind === 'string' ? `the text '${text}'` : `"${token.scope === null ? text : `${token.scope}.${text}`}"`
}

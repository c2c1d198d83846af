/** What the texts of a column mean: numbers, truth values or words, and which of them mean "nothing is known". */
import { type Cell, type ColumnType, inferType, isNumeric } from './profile.ts'

/** Texts that stand for a missing value, exactly as written. */
export const MISSING_TEXTS: ReadonlySet<string> = new Set(['', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', 'None'])

/**
 * Type a column by all its cells: one word among numbers makes it text. Missing cells are null and decide nothing; so
 * is a number that no double can hold.
 */
export function readCells(texts: readonly string[]): { type: ColumnType; values: Cell[] } {
  const type = inferType(texts.map((text) => (MISSING_TEXTS.has(text) ? '' : text)))
  return { type, values: texts.map((text) => (MISSING_TEXTS.has(text) ? null : cellOf(text, type))) }
}

function cellOf(text: string, type: ColumnType): Cell {
  if (type === 'boolean') return text.toLowerCase() === 'true'
  if (!isNumeric(type)) return text
  const value = Number(text)
  return Number.isFinite(value) ? value : null
}

/** Class names in the order people expect: by number where all are numbers, else by text. */
export function sortClasses(names: readonly string[]): string[] {
  const numeric = isNumeric(inferType(names))
  return [...names].sort((left, right) => (numeric ? Number(left) - Number(right) : 0) || (left < right ? -1 : 1))
}

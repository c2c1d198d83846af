import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { RecipeSpec } from '@modelyard/contracts'
import { BadInput } from './settings.ts'

/** `values` holds `rows * width` numbers row by row; `labels[i]` is the index of row i's class. */
export type Table = { values: Float64Array; width: number; labels: Int32Array; rows: number; features: string[] }

const FIELD = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/gy

/** Fields of one CSV text: quotes may hold commas, line breaks and doubled quotes (RFC 4180). Empty lines are left out. */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = []
  let line: string[] = []
  let read = 0
  for (const [whole, field = '', end] of text.matchAll(FIELD)) {
    read += whole.length
    line.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field)
    if (end === ',') continue
    if (line.length > 1 || line[0] !== '') lines.push(line)
    line = []
    if (end === '') break
  }
  if (read < text.length) throw new BadInput(`the file is no CSV at character ${read}`)
  return lines
}

/** Read the job's dataset: every column but the label must be a number in every row. @throws BadInput naming the cell */
export function readTable(dataset: RecipeSpec['dataset']): Table {
  const bytes = readFileSync(dataset.file)
  const text = (dataset.format === 'csv.gz' ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\ufeff/, '')
  const [header, ...lines] = parseCsv(text)
  const labelAt = header?.indexOf(dataset.labelColumn) ?? -1
  if (!header || labelAt < 0) throw new BadInput(`the dataset has no column "${dataset.labelColumn}"`)
  const features = header.filter((_, column) => column !== labelAt)
  const index = new Map(dataset.classes.map((label, place) => [label, place]))
  const values = new Float64Array(lines.length * features.length)
  const labels = new Int32Array(lines.length)
  lines.forEach((line, row) => {
    if (line.length !== header.length) throw new BadInput(`row ${row} has ${line.length} fields, not ${header.length}`)
    let place = row * features.length
    line.forEach((field, column) => {
      if (column === labelAt) labels[row] = classOf(field, { index, row })
      else values[place++] = numberOf(field, { name: header[column] ?? '', row })
    })
  })
  return { values, width: features.length, labels, rows: lines.length, features }
}

function classOf(field: string, at: { index: Map<string, number>; row: number }): number {
  const place = at.index.get(field)
  if (place === undefined) throw new BadInput(`row ${at.row} has the label "${field}", which is none of the classes`)
  return place
}

function numberOf(field: string, at: { name: string; row: number }): number {
  const value = field.trim() === '' ? Number.NaN : Number(field)
  if (!Number.isFinite(value)) throw new BadInput(`row ${at.row}, column "${at.name}": "${field}" is no number`)
  return value
}

/** The rows of one part, in the order of the split. @throws BadInput for a row the table does not have */
export function takeRows(table: Table, rows: readonly number[]): Table {
  const values = new Float64Array(rows.length * table.width)
  const labels = new Int32Array(rows.length)
  rows.forEach((row, place) => {
    if (row >= table.rows) throw new BadInput(`the split names row ${row} of a table with ${table.rows} rows`)
    values.set(table.values.subarray(row * table.width, (row + 1) * table.width), place * table.width)
    labels[place] = table.labels[row] as number
  })
  return { ...table, values, labels, rows: rows.length }
}

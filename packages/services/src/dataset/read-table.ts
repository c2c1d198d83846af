import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { inferType, isNumeric, refuse } from '@modelyard/domain'
import { CsvError, type Info, parse } from 'csv-parse'

/** Texts by column, in file order; `columns[c][r]` is row r, counted from 0 without the header and empty lines. */
export type Table = { names: string[]; columns: string[][]; rows: number }
export type TableSource = { body: Readable; format: 'csv' | 'csv.gz'; sizeBytes: number }

/** Larger tables belong into columnar files; these bound the memory and the time of one registration. */
export const TABLE_LIMITS = {
  textBytes: 256 * 1024 * 1024,
  cells: 5_000_000,
  columns: 4096,
  recordBytes: 1024 * 1024,
  nameLength: 200,
} as const
/** No honest table shrinks more than this; gzip itself could reach 1032. */
const MAX_GZIP_RATIO = 200
const FREE_TEXT_BYTES = 16 * 1024 * 1024

const GZIP_MAGIC = [0x1f, 0x8b]
const ZIP_MAGIC = [0x50, 0x4b]

/** Read a CSV with a header line. Refusals name the line, the column or the limit. */
export async function readTable(source: TableSource): Promise<Table> {
  const table: Table = { names: [], columns: [], rows: 0 }
  const parser = parse({
    bom: true,
    trim: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: TABLE_LIMITS.recordBytes,
  })
  // Fed by hand: a pipeline would lose which side failed.
  const fed = feed(source, parser)
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: Info; record: string[] }>) {
      if (table.names.length === 0) startTable(table, record)
      else addRow(table, record, info.lines)
    }
    await fed
  } catch (error) {
    parser.destroy()
    await fed.catch(() => {})
    throw error instanceof CsvError ? refuseCsv(error) : error
  } finally {
    source.body.destroy()
  }
  if (table.names.length === 0) refuse('invalid', 'the file is empty', { field: 'sha256' })
  if (table.rows === 0)
    refuse('invalid', `the file has a header (${listed(table.names)}) but no row below it`, { field: 'sha256' })
  return table
}

async function feed(source: TableSource, parser: ReturnType<typeof parse>): Promise<void> {
  try {
    for await (const text of textOf(source)) {
      if (parser.destroyed) return
      if (!parser.write(text)) await drained(parser)
    }
    parser.end()
  } catch (error) {
    parser.destroy(error as Error)
    throw error
  }
}

function drained(parser: ReturnType<typeof parse>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      parser.off('drain', done).off('close', done)
      resolve()
    }
    parser.on('drain', done).on('close', done)
  })
}

/** UTF-8 text of the file, unpacked, within the limits. */
async function* textOf({ body, format, sizeBytes }: TableSource): AsyncGenerator<string> {
  const limit = Math.min(TABLE_LIMITS.textBytes, Math.max(FREE_TEXT_BYTES, sizeBytes * MAX_GZIP_RATIO))
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  for await (const chunk of format === 'csv.gz' ? unpacked(body) : body) {
    const piece = chunk as Buffer
    if (bytes === 0) refuseContainer(piece, format)
    bytes += piece.byteLength
    if (bytes > limit)
      refuse('too_large', `the file unpacks to more than ${limit} bytes of text`, { details: { maxBytes: limit } })
    yield decoded(() => decoder.decode(piece, { stream: true }))
  }
  yield decoded(() => decoder.decode())
}

async function* unpacked(body: Readable): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  // Errors of the source surface through the loop below, as the pipe hands them on.
  body.on('error', (error) => gunzip.destroy(error))
  try {
    for await (const chunk of body.pipe(gunzip)) yield chunk as Buffer
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!code.startsWith('Z_')) throw error
    const cutOff = code === 'Z_BUF_ERROR'
    refuse('invalid', cutOff ? 'the gzip file is cut off' : 'the file is not gzip; register it as csv', {
      field: 'format',
    })
  } finally {
    gunzip.destroy()
  }
}

function refuseContainer(head: Uint8Array, format: TableSource['format']): void {
  const starts = (magic: number[]) => magic.every((byte, index) => head[index] === byte)
  if (starts(GZIP_MAGIC)) {
    const twice = format === 'csv.gz' ? 'the file is gzip inside gzip' : 'the file is gzip; register it as csv.gz'
    refuse('invalid', twice, { field: 'format' })
  }
  if (starts(ZIP_MAGIC))
    refuse('invalid', 'the file is a ZIP archive or a spreadsheet; export it as CSV', { field: 'format' })
}

function decoded(decode: () => string): string {
  let text: string
  try {
    text = decode()
  } catch {
    return refuse('invalid', 'the file is not UTF-8 text', { field: 'sha256' })
  }
  if (text.includes('\0')) refuse('invalid', 'the file holds NUL characters, so it is no text', { field: 'sha256' })
  return text
}

function startTable(table: Table, names: string[]): void {
  const limit = TABLE_LIMITS.columns
  if (names.length > limit) refuse('too_large', `the header has ${names.length} columns, at most ${limit} are taken`)
  if (isNumeric(inferType(names)))
    refuse('invalid', `the first line must name the columns; it holds numbers: ${listed(names)}`, { field: 'sha256' })
  names.forEach((name, index) => {
    if (name === '') refuse('invalid', `column ${index + 1} has no name in the header`, { field: 'sha256' })
    if (name.length > TABLE_LIMITS.nameLength)
      refuse('invalid', `the name of column ${index + 1} is longer than ${TABLE_LIMITS.nameLength} characters`)
  })
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    refuse('invalid', `two columns are named "${twice}"; every name must be its own`, { field: 'sha256' })
  table.names = names
  table.columns = names.map(() => [])
}

function addRow(table: Table, record: string[], line: number): void {
  const { names, columns } = table
  if (record.length !== names.length) {
    const message = `line ${line} has ${record.length} cells, the header has ${names.length}`
    refuse('invalid', message, { field: 'sha256', details: { line, cells: record.length, expected: names.length } })
  }
  table.rows++
  if (table.rows * names.length > TABLE_LIMITS.cells)
    refuse('too_large', `the table has more than ${TABLE_LIMITS.cells} cells`, { details: { line } })
  for (let column = 0; column < names.length; column++) columns[column]?.push(record[column] ?? '')
}

const CSV_FAULTS: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quote',
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: 'something follows a closing quote',
  INVALID_OPENING_QUOTE: 'a quote stands in the middle of a cell',
  CSV_MAX_RECORD_SIZE: `the row is longer than ${TABLE_LIMITS.recordBytes} bytes (is a quote left open?)`,
}

function refuseCsv(error: CsvError): never {
  const line = Number(error.lines)
  const fault = CSV_FAULTS[error.code] ?? 'it is not CSV'
  return refuse('invalid', `line ${line}: ${fault}`, { field: 'sha256', details: { line, code: error.code } })
}

/** At most eight names, then how many more. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => `"${name.slice(0, 60)}"`)
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ')
}

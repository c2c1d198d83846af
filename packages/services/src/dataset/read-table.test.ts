import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readTable, TABLE_LIMITS } from './read-table.ts'

const read = (content: string | Buffer, format: 'csv' | 'csv.gz' = 'csv') => {
  const bytes = Buffer.from(content)
  return readTable({ body: Readable.from([bytes]), format, sizeBytes: bytes.byteLength })
}

test('a table comes out by column, whatever line ends, quotes, marks and blanks it has', async () => {
  const table = {
    names: ['a', 'b,c'],
    columns: [
      ['1', '3'],
      ['x "y"\nz', ''],
    ],
    rows: 2,
  }
  expect(await read('\ufeffa,"b,c"\r\n1,"x ""y""\nz"\r\n\r\n 3 ,\r\n')).toEqual(table)
  expect(await read(gzipSync('a,"b,c"\n1,"x ""y""\nz"\n3,'), 'csv.gz')).toEqual(table)
})

test('pieces may break anywhere, also inside a character', async () => {
  const bytes = Buffer.from('名,b\n漢字,2\n')
  const body = Readable.from(Array.from(bytes, (byte) => Buffer.from([byte])))
  expect(await readTable({ body, format: 'csv', sizeBytes: bytes.byteLength })).toEqual({
    names: ['名', 'b'],
    columns: [['漢字'], ['2']],
    rows: 1,
  })
})

test.each([
  ['an empty file', '', 'the file is empty'],
  ['only blank lines', '\n\n', 'the file is empty'],
  ['a header only', 'a,label\n', 'has a header ("a", "label") but no row'],
  ['a short row', 'a,b\n1,2\n3\n', 'line 3 has 1 cells, the header has 2'],
  ['a long row', 'a,b\n1,2,3\n', 'line 2 has 3 cells'],
  ['a row after a blank line', 'a,b\n1,2\n\n3\n', 'line 4 has 1 cells'],
  ['two equal names', 'a,b,a\n1,2,3\n', 'two columns are named "a"'],
  ['no name', 'a,,b\n1,2,3\n', 'column 2 has no name'],
  ['no header', '0,5,13\n0,4,12\n', 'the first line must name the columns'],
  ['a quote left open', 'a,b\n1,"2\n3,4\n', 'line 3: a quote is never closed'],
  ['a stray quote', 'a,b\n1,2"3\n', 'line 2: a quote stands in the middle'],
  ['text behind a quote', 'a,b\n1,"2"3\n', 'line 2: something follows a closing quote'],
  ['binary', Buffer.from([0x61, 0x2c, 0xff, 0xfe]), 'not UTF-8'],
  ['NUL', 'a,b\n1,\0\n', 'NUL'],
  ['a spreadsheet', Buffer.from('PK\u0003\u0004...'), 'ZIP'],
  ['gzip called csv', gzipSync('a,b\n1,2\n'), 'register it as csv.gz'],
  ['a long name', `${'x'.repeat(201)},b\n1,2\n`, 'longer than 200'],
])('%s is refused in words', async (_, content, message) => {
  await expect(read(content)).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining(message) })
})

test.each([
  ['csv called gzip', Buffer.from('a,b\n1,2\n'), 'not gzip'],
  ['gzip cut off', gzipSync('a,b\n1,2\n3,4\n').subarray(0, 20), 'cut off'],
  ['gzip in gzip', gzipSync(gzipSync('a,b\n1,2\n')), 'gzip inside gzip'],
])('%s is refused in words', async (_, content, message) => {
  await expect(read(content, 'csv.gz')).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining(message),
  })
})

test('a gzip bomb ends at the limit, not at its size', async () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from('a,b\n'), Buffer.alloc(64 << 20, '\n')]))
  expect(bomb.byteLength).toBeLessThan(100_000)
  await expect(read(bomb, 'csv.gz')).rejects.toMatchObject({ code: 'too_large' })
})

test('too many columns, too long a row', async () => {
  const names = Array.from({ length: TABLE_LIMITS.columns + 1 }, (_, index) => `c${index}`)
  await expect(read(`${names.join(',')}\n`)).rejects.toMatchObject({ code: 'too_large' })
  await expect(read(`a,b\n1,${'x'.repeat(TABLE_LIMITS.recordBytes + 1)}\n`)).rejects.toMatchObject({
    message: expect.stringContaining('line 2: the row is longer'),
  })
})

test('a source that breaks is passed on as what it is', async () => {
  for (const format of ['csv', 'csv.gz'] as const) {
    const body = Readable.from(
      (async function* () {
        yield format === 'csv' ? Buffer.from('a,b\n1,') : gzipSync('a,b\n1,2').subarray(0, 12)
        throw new Error('disk broke')
      })(),
    )
    await expect(readTable({ body, format, sizeBytes: 100 })).rejects.toThrow('disk broke')
  }
})

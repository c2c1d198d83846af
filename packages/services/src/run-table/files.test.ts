import { describe, expect, it } from 'vitest'
import { tableOf } from './files.ts'

describe('the first rows of a table', () => {
  it('reads quotes, line ends of all kinds and empty cells', () => {
    expect(tableOf('a,"b ""c"", d",\r\n1,"x\ny",3\n,,', ',')).toEqual([
      ['a', 'b "c", d', ''],
      ['1', 'x\ny', '3'],
      ['', '', ''],
    ])
    expect(tableOf('a\tb\n1\t2\n', '\t')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
  })

  it('keeps to what a page shows', () => {
    const rows = tableOf(`${'x'.repeat(900)},1\n`.repeat(500), ',')
    expect(rows).toHaveLength(100)
    expect(rows[0]?.[0]).toHaveLength(200)
    expect(tableOf(`${'1,'.repeat(400)}1`, ',')[0]).toHaveLength(50)
  })

  it('ends where the format does', () => {
    expect(tableOf('"open', ',')).toEqual([])
    expect(tableOf('', ',')).toEqual([])
  })
})

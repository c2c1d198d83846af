import { describe, expect, it } from 'vitest'
import { condition, missingColumns, standingColumns } from './columns.ts'
import { EMPTY_VIEW, readAddress, writeAddress } from './view-params.ts'

const keys = {
  params: [{ key: 'lr', runs: 3 }],
  metrics: ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key, runs: 1 })),
  tags: [{ key: 'team', runs: 1 }],
}

describe('the address of a runs table', () => {
  it('says all of it and nothing that goes without saying', () => {
    const address = {
      ...EMPTY_VIEW,
      q: "params.lr = '0.1' and tags.a LIKE '%,&%'",
      sort: '-metrics.val loss',
      columns: ['params.a,b', 'metrics.val loss'],
      experiment: '7',
      viewId: 'vw_1',
      selected: [`run_${'0'.repeat(26)}`],
      peek: `run_${'1'.repeat(26)}`,
    }
    const search = new URLSearchParams('other=1')
    writeAddress(search, address)
    expect(readAddress(search)).toEqual(address)
    writeAddress(search, { ...EMPTY_VIEW, viewId: '', selected: [], peek: '' })
    expect(search.toString()).toBe('other=1')
  })

  it('makes a table of whatever it holds', () => {
    const address = readAddress(
      new URLSearchParams('exp=-1&shown=x&col=&col=a&sel=run_1,javascript:alert(1)&q=%00&peek=run_1'),
    )
    expect(address).toMatchObject({ experiment: '', shown: 'active', columns: [], selected: [], peek: '' })
  })
})

describe('columns', () => {
  it('are what most runs have, where nobody chose', () => {
    const standing = standingColumns(keys)
    expect(standing.slice(0, 5)).toEqual(['metrics.a', 'metrics.b', 'metrics.c', 'metrics.d', 'params.lr'])
  })

  it('that nothing has any more are named', () => {
    expect(missingColumns(['params.lr', 'params.gone', 'attributes.duration'], keys)).toEqual(['params.gone'])
  })
})

describe('the filter of a group', () => {
  it.each([
    ['params.lr', '0.1', "params.lr = '0.1'"],
    ['params.learning rate', "it's", 'params.`learning rate` = "it\'s"'],
    ['tags.a`b', 'x', 'tags."a`b" = \'x\''],
    ['params.lr', null, 'params.lr IS NULL'],
    ['datasets.name', 'digits', "datasets.name = 'digits'"],
    ['params.lr', `both ' and "`, null],
    ['attributes.status', null, null],
  ])('%s of %s is %s', (column, value, filter) => expect(condition(column, value)).toBe(filter))
})

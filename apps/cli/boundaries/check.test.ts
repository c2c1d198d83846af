import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { type Boundaries, checkBoundaries, ruleNames } from './check.ts'

let checked: Promise<Boundaries> | undefined

const planted = (): Promise<Boundaries> => {
  checked ??= checkBoundaries(join(import.meta.dirname, 'planted'), ['packages', 'apps', 'runners'])
  return checked
}

test.each(ruleNames)('%s bites the violation planted for it', async (rule) => {
  const { violations } = await planted()
  const bitten = violations.filter((violation) => violation.rule === rule).map(({ from }) => basename(from))
  expect(bitten).not.toEqual([])
  for (const file of bitten) expect(file.startsWith(rule)).toBe(true)
})

test('files that break nothing are left in peace', async () => {
  const { violations } = await planted()
  expect(violations.filter(({ from }) => /^(allowed|wire|index)(\.test)?\.ts$/.test(basename(from)))).toEqual([])
})

test('rule names are distinct', () => {
  expect(new Set(ruleNames).size).toBe(ruleNames.length)
})

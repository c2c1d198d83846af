import { expect, it } from 'vitest'
import { stageNamed, whyNotAlias } from './name.ts'

it.each(['champion', 'blue-green_2', 'größe', 'v', 'v1a', '1', 'latest2', 'a'.repeat(255)])(
  '%s may be an alias',
  (alias) => {
    expect(whyNotAlias(alias)).toBeNull()
  },
)

it.each(['', 'a b', 'a/b', 'a:b', 'a@b', 'latest', 'LATEST', 'v1', 'V12', 'a'.repeat(256), 'x\0'])(
  '%j may be no alias',
  (alias) => {
    expect(whyNotAlias(alias)).not.toBeNull()
  },
)

it.each([
  ['staging', 'Staging'],
  ['PRODUCTION', 'Production'],
  ['None', 'None'],
  ['live', null],
  ['', null],
])('stage %j is %j', (text, stage) => {
  expect(stageNamed(text)).toBe(stage)
})

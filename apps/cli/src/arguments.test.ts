import { expect, test } from 'vitest'
import { parseStackArguments, UsageError } from './arguments.ts'
import { repository } from './repository.ts'

test('without flags everything is kept in the clone, on the default ports', () => {
  expect(parseStackArguments([])).toEqual({
    dataDir: `${repository}/.modelyard`,
    readyFile: undefined,
    portBase: 4600,
  })
})

test('paths become absolute and further flags are those of the command', () => {
  const parsed = parseStackArguments(
    ['--data', '/a/../b', '--ready-file', '/r.json', '--port-base', '7000', '--once'],
    ['once'],
  )
  expect(parsed).toEqual({ dataDir: '/b', readyFile: '/r.json', portBase: 7000, once: true })
})

test.each([
  [['--port-base', '80'], '--port-base'],
  [['--port-base', '65530'], '--port-base'],
  [['--port-base', '46oo'], '--port-base'],
  [['--data', ''], '--data'],
  [['--once'], '--once'],
  [['somewhere'], 'somewhere'],
])('%j is refused by name', (args, named) => {
  expect(() => parseStackArguments(args)).toThrow(UsageError)
  expect(() => parseStackArguments(args)).toThrow(named)
})

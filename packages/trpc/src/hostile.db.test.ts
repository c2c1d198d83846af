import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import type { Ctx } from '@modelyard/services'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { allCalls, call, PATHS } from './testing/calls.ts'
import { type Scene, scene } from './testing/scene.ts'

let database: TestDatabase
let set: Scene
beforeAll(async () => {
  database = await testDatabase()
  set = await scene(database.db)
})
afterAll(async () => {
  set.close()
  await database.drop()
})

const TEXTS = ['a\u0000b', '\ud800', '\u001b[31m', '../../etc/passwd']
const TIMES = ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59.999-23:59']
const CURSORS = ['-1', '1e30', '99999999999999999999', `8640000000000000.prd_${'0'.repeat(26)}`]
const NUMBERS = [-1, -(2 ** 31) - 1, 2 ** 31, 2 ** 53, -(2 ** 53) + 1, 1e300, 0.5, Number.POSITIVE_INFINITY]
const OTHERS = [null, {}, [[]], JSON.parse('{"__proto__":{"admin":true}}')]
const DEEP = deep(20_000)

function deep(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = { a: value }
  return value
}

/** Every input that differs from this one in one leaf. */
function* mutants(value: unknown): Generator<unknown> {
  if (typeof value === 'string') yield* [...TEXTS, ...TIMES, ...CURSORS, ...OTHERS, 1]
  else if (typeof value === 'number') yield* [...NUMBERS, ...OTHERS, '1']
  else if (Array.isArray(value)) {
    yield* [[...value, ...value], 'text', ...OTHERS]
    for (const [index, item] of value.entries()) for (const mutant of mutants(item)) yield value.with(index, mutant)
  } else if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value)
    yield* [{ ...value, 'a\u0000': 1, '\ud800': '\ud800' }, DEEP, ...OTHERS]
    for (const [name, item] of fields) for (const mutant of mutants(item)) yield { ...value, [name]: mutant }
  }
}

const show = (input: unknown) => {
  try {
    return JSON.stringify(input)?.slice(0, 400)
  } catch {
    return 'too deep to show'
  }
}

class Undo extends Error {}

/** Called inside a transaction that is undone, so that each call finds everything as the scene left it. */
async function tried(path: string, ctx: Ctx, input: unknown): Promise<string> {
  let code = ''
  const undone = database.db.transaction(async (tx) => {
    code = (await call(path, { ...ctx, db: tx }, input)).code
    throw new Undo()
  })
  await undone.catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error
  })
  return code
}

describe('no input is a fault of ours', () => {
  test.each(PATHS)('%s', async (path) => {
    const allowed = allCalls(set)[path]
    if (!allowed) throw new Error(`${path} has no call in testing/calls.ts`)
    expect(['OK', 'CONFLICT']).toContain(await tried(path, allowed.by, allowed.input))
    const faults: unknown[] = []
    for (const input of mutants(allowed.input)) {
      const code = await tried(path, allowed.by, input)
      if (!/^[A-Z_]+$/.test(code) || code === 'INTERNAL_SERVER_ERROR') faults.push(`${code}: ${show(input)}`)
    }
    expect(faults).toEqual([])
  })
})

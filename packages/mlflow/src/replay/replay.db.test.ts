import { Buffer } from 'node:buffer'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { type TestStage, testStage } from '@modelyard/services/testing/context'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Wire, wireOf } from '../testing/wire.ts'
import { compare, type Mismatch, normalise } from './compare.ts'
import { DIFFERENCES } from './differences.ts'
import { Names } from './names.ts'
import { type Exchange, readSession, SESSIONS } from './session.ts'

let database: TestDatabase
let stage: TestStage
let send: Wire
beforeAll(async () => {
  database = await testDatabase()
  stage = await testStage(database.db)
  // Numbers of as many digits as the recorded ones, since some stand in files whose length is told.
  await database.pool.query("select setval('experiment_number', 20)")
  send = wireOf(stage.as('editor'), stage.project.slug)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const met = new Set<string>()

test.each(SESSIONS)('the recorded session of %s is answered as it was', async (session) => {
  const names = new Names()
  const files = new Map<string, Buffer>()
  const wrong: string[] = []
  for (const [index, exchange] of readSession(session).entries()) {
    stage.clock.advance(10)
    for (const { path, recorded, ours } of await replay(exchange, names, files)) {
      const said = `${JSON.stringify(recorded)} -> ${JSON.stringify(ours)}`
      wrong.push(`${index + 1} ${exchange.method} ${exchange.target.slice(0, 90)} ${path}: ${said.slice(0, 300)}`)
    }
  }
  expect(wrong).toEqual([])
})

test('every deliberate difference occurs', () => {
  expect(DIFFERENCES.filter(({ reason }) => !met.has(reason))).toEqual([])
})

/** What is answered otherwise than recorded, less what is meant to be. */
async function replay(exchange: Exchange, names: Names, files: Map<string, Buffer>): Promise<Mismatch[]> {
  const target = names.translate(exchange.target)
  const body = bodyOf(exchange, names)
  const answer = await send(exchange.method, target, {
    ...(body !== undefined && { body }),
    headers: exchange.type === undefined ? {} : { 'content-type': exchange.type },
  })
  if (Buffer.isBuffer(body)) files.set(target, body)
  names.learn(exchange.answer, answer.json)
  const recorded = {
    status: exchange.status,
    ...(exchange.answerType === undefined ? translated(exchange.answer, names) : fileOf(exchange, files.get(target))),
  }
  const { headers } = answer
  const file = {
    type: headers.get('content-type'),
    disposition: headers.get('content-disposition'),
    bytes: answer.bytes,
  }
  const ours = { status: answer.status, ...(exchange.answerType === undefined ? (answer.json as object) : shown(file)) }
  return compare(normalise(recorded), normalise(ours)).filter((mismatch) => !isMeant(exchange, mismatch))
}

function bodyOf({ body, bytes }: Exchange, names: Names): Buffer | string | undefined {
  if (bytes !== undefined) return Buffer.alloc(bytes, 'some bytes of a picture or a pickle ')
  if (typeof body === 'string') return Buffer.from(names.translate(body))
  return body === undefined ? undefined : names.translate(JSON.stringify(body))
}

const translated = (answer: unknown, names: Names): object => JSON.parse(names.translate(JSON.stringify(answer)))

type File = { type: string | null; disposition: string | null; bytes: Buffer }
const shown = ({ type, disposition, bytes }: File) => ({ type, disposition, bytes: bytes.toString('latin1') })
const fileOf = ({ answerType = '', disposition = '' }: Exchange, bytes: Buffer = Buffer.alloc(0)) =>
  shown({ type: answerType, disposition, bytes })

function isMeant({ target }: Exchange, { path }: Mismatch): boolean {
  const difference = DIFFERENCES.find((one) => one.route.test(target) && one.path.test(path))
  if (difference) met.add(difference.reason)
  return difference !== undefined
}

import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Handlers, SCHEDULES, TOPIC_NAMES, type Topic } from './catalogue.ts'
import { openQueue, type Queue } from './queue.ts'

const adminUrl = process.env.MODELYARD_TEST_DATABASE_URL ?? ''
const redisUrl = process.env.REDIS_TEST_URL
if (!redisUrl) console.warn('REDIS_TEST_URL is not set: the queue is tested on PostgreSQL only')

const name = `queue_${randomBytes(6).toString('hex')}`
const databaseUrl = Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href
const opened: Queue[] = []
const errors: Error[] = []

async function admin(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  await client.query(text)
  await client.end()
}
async function ask(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query(text)
  await client.end()
  return rows
}
beforeAll(async () => {
  await admin(`create database ${name}`)
  if (!redisUrl) return
  const redis = new Redis(redisUrl)
  await redis.flushdb()
  await redis.quit()
})
afterAll(async () => {
  await Promise.all(opened.map((queue) => queue.close()))
  await admin(`drop database ${name} with (force)`)
})

/** A handler for each topic that notes what came. */
function noting(seen: string[], before: (topic: Topic, id: string) => Promise<void> = async () => {}): Handlers {
  const note = (topic: Topic) => async (id: string) => {
    await before(topic, id)
    seen.push(`${topic} ${id}`)
  }
  return Object.fromEntries(TOPIC_NAMES.map((topic) => [topic, note(topic)])) as unknown as Handlers
}
async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await done()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`it did not come; errors: ${errors.map(({ message }) => message).join('; ')}`)
}

const backends = [{ backend: 'postgres', redis: undefined as string | undefined }]
if (redisUrl) backends.push({ backend: 'redis', redis: redisUrl })

describe.each(backends)('on $backend', ({ backend, redis }) => {
  const open = () => {
    const queue = openQueue({ databaseUrl, redisUrl: redis, onError: (error) => errors.push(error) })
    opened.push(queue)
    return queue
  }

  it('brings each message to one of the workers once', async () => {
    const seen: string[] = []
    const [first, second] = [open(), open()]
    expect(first.backend).toBe(backend)
    const served = [first.serve(noting(seen)), second.serve(noting(seen))]
    const ids = Array.from({ length: 40 }, (_, index) => `${backend}-${index}`)
    const sent = await Promise.all(ids.map((id) => second.enqueue('alert.due', { id })))
    expect(sent).not.toContain(false)
    await until(() => seen.length >= ids.length)
    expect(seen.toSorted()).toEqual(ids.map((id) => `alert.due ${id}`).sort())
    await Promise.all(served.map((one) => one.close()))
  })

  it('lets what runs end before it closes', async () => {
    const seen: string[] = []
    const queue = open()
    let started = false
    const slow = async () => {
      started = true
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    const served = queue.serve(noting(seen, slow))
    await queue.enqueue('drift.due', { id: 'slow' })
    await until(() => started)
    await served.close()
    expect(seen).toEqual(['drift.due slow'])
  })

  it('goes on after a handler that throws', async () => {
    const seen: string[] = []
    const queue = open()
    const served = queue.serve(
      noting(seen, async (_, id) => {
        if (id === 'bad') throw new Error('no')
      }),
    )
    await queue.enqueue('alert.due', { id: 'bad' })
    await queue.enqueue('alert.due', { id: 'good' })
    await until(() => seen.includes('alert.due good'))
    await served.close()
  })

  it('has its schedules once, however often they are written, and gets them back', async () => {
    const queue = open()
    const quick = [{ name: 'often', topic: 'drift.due' as const, everyMs: 200 }]
    expect(await queue.reconcile(quick)).toBe(1)
    expect(await queue.reconcile(quick)).toBe(0)
    const seen: string[] = []
    const served = queue.serve(noting(seen))
    await until(() => seen.filter((entry) => entry === 'drift.due often').length >= 3)
    expect(await queue.reconcile()).toBe(1 + SCHEDULES.length)
    expect(await queue.reconcile()).toBe(0)
    await served.close()
  })
})

it('keeps to a schema of its own on PostgreSQL', async () => {
  const tables = await ask(`select table_schema as schema from information_schema.tables where table_schema = 'public'`)
  expect(tables).toEqual([])
})

it('starts when the backend comes, and says so when it is not there', async () => {
  const late = `${name}_late`
  const lateUrl = Object.assign(new URL(adminUrl), { pathname: `/${late}` }).href
  const heard: Error[] = []
  const queue = openQueue({ databaseUrl: lateUrl, onError: (error) => heard.push(error) })
  const seen: string[] = []
  const served = queue.serve(noting(seen))
  expect(await queue.enqueue('alert.due', { id: 'lost' })).toBe(false)
  expect(heard.length).toBeGreaterThan(0)
  await admin(`create database ${late}`)
  await until(async () => queue.enqueue('alert.due', { id: 'found' }))
  await until(() => seen.includes('alert.due found'))
  await served.close()
  await queue.close()
  await admin(`drop database ${late} with (force)`)
})

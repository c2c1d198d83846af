import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

const PARTITIONED = ['prediction'] as const
export type PartitionedTable = (typeof PARTITIONED)[number]
const DAY_MS = 86_400_000
const LOCK = 7_204_534

const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
const nameOf = (table: PartitionedTable, day: string) => `${table}_${day.replaceAll('-', '')}`

export type Maintained = { created: string[]; dropped: string[] }

/**
 * Have a partition for today and each of `daysAhead` days, and drop those whose whole day lies more than `keepDays` back
 * (null: keep for ever). Rows that came before their partition did are moved out of the default one. One caller at a
 * time; a second one finds nothing to do. `daysAhead` 3 leaves a worker a long weekend to be down.
 */
export async function maintainPartitions(
  db: Db,
  args: { now: Date; daysAhead: number; keepDays: Record<PartitionedTable, number | null> },
): Promise<Maintained> {
  const maintained: Maintained = { created: [], dropped: [] }
  for (const table of PARTITIONED) {
    for (let ahead = 0; ahead <= args.daysAhead; ahead++) {
      const created = await createPartition(db, { table, day: dayOf(args.now.getTime() + ahead * DAY_MS) })
      if (created) maintained.created.push(created)
    }
    const keepDays = args.keepDays[table]
    if (keepDays !== null)
      maintained.dropped.push(...(await dropBefore(db, { table, day: dayOf(args.now.getTime() - keepDays * DAY_MS) })))
  }
  return maintained
}

async function createPartition(db: Db, args: { table: PartitionedTable; day: string }): Promise<string | null> {
  const name = nameOf(args.table, args.day)
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`)
    const { rows } = await tx.execute<{ known: boolean }>(sql`select to_regclass(${name}) is not null as known`)
    if (rows[0]?.known) return null
    const [table, part, rest] = [args.table, name, `${args.table}_default`].map((text) => sql.identifier(text))
    const from = sql.raw(`'${args.day}T00:00:00Z'`)
    const to = sql.raw(`'${dayOf(Date.parse(args.day) + DAY_MS)}T00:00:00Z'`)
    // Writers wait these few milliseconds: a row that reached the default partition meanwhile would forbid this one.
    await tx.execute(sql`lock table ${table} in share row exclusive mode`)
    await tx.execute(sql`create table ${part} (like ${table} including defaults including constraints)`)
    await tx.execute(sql`with moved as (delete from ${rest} where "at" >= ${from} and "at" < ${to} returning *)
      insert into ${part} select * from moved`)
    await tx.execute(sql`alter table ${table} attach partition ${part} for values from (${from}) to (${to})`)
    return name
  })
}

async function dropBefore(db: Db, args: { table: PartitionedTable; day: string }): Promise<string[]> {
  const { rows } = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = ${args.table}::regclass and c.relname ~ ${`^${args.table}_[0-9]{8}$`}
      and c.relname < ${nameOf(args.table, args.day)} order by 1`)
  for (const { name } of rows) await db.execute(sql`drop table if exists ${sql.identifier(name)}`)
  return rows.map(({ name }) => name)
}

export type Swept = {
  trafficSeconds: number
  ingestBatches: number
  idempotencyKeys: number
  outbox: number
  webhookDeliveries: number
}

/** Delete what nobody reads any more; each limit is the oldest instant kept. */
export async function sweepOld(
  db: Db,
  args: { trafficFrom: Date; batchesFrom: Date; keysFrom: Date; outboxFrom: Date; deliveriesFrom: Date },
): Promise<Swept> {
  const second = Math.floor(args.trafficFrom.getTime() / 1000)
  const count = async (statement: ReturnType<typeof sql>) => (await db.execute(statement)).rowCount ?? 0
  return {
    trafficSeconds: await count(sql`delete from traffic_second where second < ${second}`),
    ingestBatches: await count(sql`delete from ingest_batch where at < ${args.batchesFrom}`),
    idempotencyKeys: await count(sql`delete from idempotency where created_at < ${args.keysFrom}`),
    outbox: await count(sql`delete from outbox where done_at < ${args.outboxFrom}`),
    webhookDeliveries: await count(
      sql`delete from webhook_delivery where state <> 'pending' and created_at < ${args.deliveriesFrom}`,
    ),
  }
}

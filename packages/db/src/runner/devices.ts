import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'

/** Slots for jobs without a device stand among the devices from this index on, so that one owner holds each as well. */
export const SLOT_INDEX = 1000

export type ReportedDevice = {
  index: number
  kind: string
  uuid: string
  model: string
  memoryMb: number
  health: 'ok' | 'suspect' | 'bad'
}

/**
 * Make a runner's rows what it reports: new ones are added, known ones keep their owner, missing ones go, or turn bad
 * while an attempt still owns them.
 */
export async function reportDevices(db: Db, args: { runnerId: string; devices: ReportedDevice[]; slots: number }) {
  const slots = Array.from({ length: args.slots }, (_, slot): ReportedDevice => {
    const index = SLOT_INDEX + slot
    return { index, kind: 'cpu', uuid: `slot-${slot}`, model: 'CPU slot', memoryMb: 0, health: 'ok' }
  })
  const rows = JSON.stringify([...args.devices.filter(({ kind }) => kind !== 'cpu'), ...slots])
  await db.execute(sql`
    insert into device (runner_id, index, kind, uuid, model, memory_mb, health)
    select ${args.runnerId}, r.index, r.kind, r.uuid, r.model, r."memoryMb", r.health
    from jsonb_to_recordset(${rows}::jsonb)
      as r(index int, kind text, uuid text, model text, "memoryMb" int, health text)
    on conflict (runner_id, index) do update
    set kind = excluded.kind, uuid = excluded.uuid, model = excluded.model, memory_mb = excluded.memory_mb,
      health = excluded.health`)
  const missing = sql`runner_id = ${args.runnerId} and index not in
    (select r.index from jsonb_to_recordset(${rows}::jsonb) as r(index int))`
  await db.execute(sql`delete from device where ${missing} and attempt_id is null`)
  await db.execute(sql`update device set health = 'bad' where ${missing}`)
}

import { wire } from '../../../wire.ts'

export const dynamic = 'force-dynamic'

/** Ready when the database answers; `listening` says whether live updates flow. */
export async function GET(): Promise<Response> {
  const { database, hub } = wire()
  const ready = await database.pool.query('select 1').then(
    () => true,
    () => false,
  )
  return Response.json(
    { ready, listening: hub.alive() },
    { status: ready ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  )
}

import type pg from 'pg'

const watched = new WeakSet<pg.ClientBase>()

/**
 * Every statement that goes over the pool's connections from now on, BEGIN and COMMIT too, as its text; an array that
 * fills as they are sent and may be emptied. One watcher a pool.
 */
export function watchStatements(pool: pg.Pool): string[] {
  const sent: string[] = []
  pool.on('acquire', (client) => {
    if (watched.has(client)) return
    watched.add(client)
    const query = client.query.bind(client) as (...args: unknown[]) => unknown
    Object.assign(client, {
      query: (...args: unknown[]) => {
        const [first] = args
        sent.push(typeof first === 'string' ? first : (first as { text: string }).text)
        return query(...args)
      },
    })
  })
  return sent
}

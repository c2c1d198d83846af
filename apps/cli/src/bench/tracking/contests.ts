import type { Client, Json } from './client.ts'

/** One kind of request, sent by turns to both servers. */
export type Contest = {
  /** How `--only` names it. */
  id: string
  name: string
  rounds: number
  /** Calls before those that count: a server has run for days. */
  warmUp: number
  /** One small request: when its answer begins to come is told too. */
  isShort: boolean
  /** Whether it searches the runs that are there before. */
  isSearch?: boolean
  /** How many times faster ours is to be. */
  goal: number
  /** At most so many SQL statements of ours. */
  statements?: number
  /** What the calls need, made once for each server. */
  prepare: (client: Client) => Promise<(round: number) => Promise<unknown>>
}

const SHORT = { rounds: 60, warmUp: 100, isShort: true }
const LONG = { rounds: 5, warmUp: 3, isShort: false }
const START_MS = 1_760_000_000_000
const HISTORY_POINTS = 12_000
export const THOUSAND = 'bench-1000'
export const MANY = 'bench-30000'

export async function newRun(client: Client): Promise<string> {
  const answer = await client.post('runs/create', { experiment_id: '0', start_time: START_MS, tags: [] })
  return (answer.run as { info: { run_id: string } }).info.run_id
}

export async function experimentNamed(client: Client, name: string): Promise<string> {
  return String((await client.post('experiments/create', { name })).experiment_id)
}

export const point = (key: string, step: number) => ({ key, value: Math.sin(step), timestamp: START_MS + step, step })

const batchOf = (size: number, goal: number): Contest => ({
  id: `log-batch-${size}`,
  name: `log-batch of ${size} metrics on existing keys`,
  ...(size > 100 ? LONG : SHORT),
  goal,
  statements: 5,
  prepare: async (client) => {
    const run_id = await newRun(client)
    const send = (step: number) => {
      const metrics = Array.from({ length: size }, (_, index) => point(`metric_${index}`, step))
      return client.post('runs/log-batch', { run_id, metrics })
    }
    await send(0)
    return (round) => send(round + 1)
  },
})

const search = (more: Json) => async (client: Client) => {
  const { experiment } = await client.get('experiments/get-by-name', { experiment_name: THOUSAND })
  const ids = [(experiment as { experiment_id: string }).experiment_id]
  return async () => {
    const { runs } = await client.post('runs/search', { experiment_ids: ids, max_results: 1000, ...more })
    if ((runs as unknown[]).length !== 1000)
      throw new Error(`${client.server.side} found ${(runs as unknown[]).length} runs`)
  }
}

export const CONTESTS: readonly Contest[] = [
  {
    id: 'create-run',
    name: 'create run',
    ...SHORT,
    goal: 5,
    prepare: async (client) => () => newRun(client),
  },
  {
    id: 'log-metric',
    name: 'log-metric',
    ...SHORT,
    goal: 5,
    prepare: async (client) => {
      const run_id = await newRun(client)
      return (round) => client.post('runs/log-metric', { run_id, ...point('loss', round) })
    },
  },
  batchOf(10, 5),
  batchOf(500, 5),
  batchOf(1000, 20),
  {
    id: 'get-history',
    name: `get-history of ${HISTORY_POINTS} points`,
    ...LONG,
    goal: 5,
    prepare: async (client) => {
      const run_id = await newRun(client)
      for (let from = 0; from < HISTORY_POINTS; from += 1000) {
        const metrics = Array.from({ length: 1000 }, (_, index) => point('loss', from + index))
        await client.post('runs/log-batch', { run_id, metrics })
      }
      return async () => {
        const { metrics } = await client.get('metrics/get-history', { run_id, metric_key: 'loss', max_results: 25_000 })
        if ((metrics as unknown[]).length !== HISTORY_POINTS) throw new Error('points are missing')
      }
    },
  },
  { id: 'search', name: 'runs/search of 1000 runs', ...LONG, isSearch: true, goal: 20, prepare: search({}) },
  {
    id: 'search-filtered',
    name: 'runs/search of 1000 runs, filtered and ordered by a metric',
    ...LONG,
    isSearch: true,
    goal: 20,
    prepare: search({
      filter: "metrics.metric_1 >= 0 AND params.param_2 LIKE '%'",
      order_by: ['metrics.metric_0 DESC'],
    }),
  },
]

import { openWorker } from './worker.ts'

/** SQL on either database, by the driver that MLflow needs anyway: this program may not depend on ours. */
export type Sql = {
  execute: (url: string, statements: readonly string[]) => Promise<unknown[][]>
  /** The same runs on either side: 10 metrics, 20 parameters and 5 tags each. */
  seed: (args: { url: string; side: 'ours' | 'theirs'; runs: number; experiment: string }) => Promise<void>
  stop: () => void
}

export function openSql(python: string): Sql {
  const { ask, stop } = openWorker({ python, script: 'sql_worker.py' })
  return {
    execute: async (url, statements) => (await ask({ do: 'execute', url, statements })) as unknown[][],
    seed: async (args) => void (await ask({ do: 'seed', ...args })),
    stop,
  }
}

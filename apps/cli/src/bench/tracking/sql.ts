import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** SQL on either database, by the driver that MLflow needs anyway: this program may not depend on ours. */
export type Sql = {
  execute: (url: string, statements: readonly string[]) => Promise<unknown[][]>
  /** The same runs on either side: 10 metrics, 20 parameters and 5 tags each. */
  seed: (args: { url: string; side: 'ours' | 'theirs'; runs: number; experiment: string }) => Promise<void>
  stop: () => void
}

export function openSql(python: string): Sql {
  const worker = fileURLToPath(new URL('sql_worker.py', import.meta.url))
  const child = spawn(python, [worker], { stdio: ['pipe', 'pipe', 'inherit'] })
  const waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { value, error } = JSON.parse(line) as { value?: unknown; error?: string }
    const next = waiting.shift()
    if (error === undefined) next?.resolve(value)
    else next?.reject(new Error(error))
  })
  child.once('exit', () => {
    for (const { reject } of waiting) reject(new Error('the SQL worker ended'))
  })
  const ask = (request: Record<string, unknown>) =>
    new Promise<unknown>((resolve, reject) => {
      waiting.push({ resolve, reject })
      child.stdin.write(`${JSON.stringify(request)}\n`)
    })
  return {
    execute: async (url, statements) => (await ask({ do: 'execute', url, statements })) as unknown[][],
    seed: async (args) => void (await ask({ do: 'seed', ...args })),
    stop: () => child.stdin.end(),
  }
}

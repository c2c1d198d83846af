import type { Both, Client } from './client.ts'
import { byTurns, metered, type Outcome } from './measure.ts'
import { openWorker } from './worker.ts'

const CALLS = 50

type Who = { python: string; postgresPid: number }

/** What a training script waits for one `log_metric` of the client that it really uses; the least of the rounds' means. */
export async function byPythonClient(both: Both, who: Who): Promise<Outcome> {
  const sides = { ours: await openSide(both.ours, who), theirs: await openSide(both.theirs, who) }
  try {
    const readings = await byTurns(sides, { warmUp: 1, rounds: 5 }, ({ turn }) => turn())
    return { name: "log-metric by MLflow's Python client", ...readings, goal: 5 }
  } finally {
    for (const { stop } of [sides.ours, sides.theirs]) stop()
  }
}

async function openSide({ server }: Client, { python, postgresPid }: Who) {
  const token = server.headers.authorization?.replace('Bearer ', '')
  const env = { MLFLOW_TRACKING_URI: server.url, ...(token === undefined ? {} : { MLFLOW_TRACKING_TOKEN: token }) }
  const { ask, stop } = openWorker({ python, script: 'python_client.py', env })
  const run_id = await ask({ do: 'new_run' })
  let first = 0
  const turn = async () => {
    let ms = 0
    const { cpuMs = 0 } = await metered([server.pid, postgresPid], async () => {
      ms = Number(await ask({ do: 'log_metrics', run_id, first, calls: CALLS }))
    })
    first += CALLS
    return { ms: ms / CALLS, cpuMs: cpuMs / CALLS }
  }
  return { turn, stop }
}

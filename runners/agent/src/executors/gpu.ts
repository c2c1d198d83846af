import { execFile } from 'node:child_process'
import type { ReportedDevice } from './executor.ts'

const PROBE_LIMIT_MS = 10_000
const QUERY = ['--query-gpu=index,uuid,name,memory.total', '--format=csv,noheader,nounits']

/** What nvidia-smi lists, one line a GPU. A line that cannot be read is a GPU in bad health. */
export function parseGpus(csv: string): ReportedDevice[] {
  return csv
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line, place) => {
      const [index, uuid, model, memory] = line.split(',').map((field) => field.trim())
      const memoryMb = Number(memory)
      const isRead = /^\d+$/.test(index ?? '') && Number.isInteger(memoryMb) && memoryMb > 0
      return {
        index: isRead ? Number(index) : place,
        kind: 'nvidia',
        uuid: (uuid ?? '').slice(0, 100),
        model: (model ?? 'unknown').slice(0, 200),
        memoryMb: isRead ? memoryMb : 0,
        health: isRead ? 'ok' : 'bad',
      }
    })
}

/** NVIDIA GPUs of this machine; none where the tool is missing or does not answer in time. */
export function findGpus(): Promise<ReportedDevice[]> {
  return new Promise((resolve) => {
    execFile('nvidia-smi', QUERY, { timeout: PROBE_LIMIT_MS, killSignal: 'SIGKILL' }, (error, stdout) =>
      resolve(error ? [] : parseGpus(stdout)),
    )
  })
}

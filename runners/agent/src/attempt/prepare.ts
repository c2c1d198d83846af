import { createHash } from 'node:crypto'
import { createWriteStream, existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import type { Accepted } from '@modelyard/contracts'
import type { Api } from '../api.ts'
import { writeJson } from '../disk.ts'
import type { Folder, Launch } from './folder.ts'
import type { Kept } from './kept.ts'
import { hashFile } from './ship-outputs.ts'

/** Between being asked and being made to stop. */
export const GRACE_MS = 2_000

type Input = Accepted['inputs'][number]

/** Lay out the job's folder: its spec, and every input with its hash checked as it arrives. */
export async function layOut(api: Api, args: { kept: Kept; folder: Folder }, signal: AbortSignal): Promise<void> {
  const { kept, folder } = args
  for (const input of kept.accepted.inputs) {
    const path = join(folder.job, input.file)
    if (existsSync(path) && (await hashFile(path)) === input.sha256) continue
    const take = (response: Response) => store(response, { input, path })
    await api.get('input', `/attempts/${kept.attemptId}/inputs/${input.sha256}`, { take, signal })
  }
  writeJson(join(folder.job, 'spec.json'), kept.accepted.spec)
}

async function store(response: Response, { input, path }: { input: Input; path: string }): Promise<void> {
  if (!response.body) throw new Error('the input came without a body')
  const hash = createHash('sha256')
  const hashing = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  const partial = `${path}.partial`
  await pipeline(
    Readable.fromWeb(response.body as ReadableStream),
    hashing,
    createWriteStream(partial, { mode: 0o600 }),
  )
  if (hash.digest('hex') !== input.sha256) throw new Error(`${input.file} did not arrive with its hash`)
  renameSync(partial, path)
}

/** `traceparent` of the span that the program is to continue; `otlpEndpoint` where its spans go, where they go anywhere. */
export type Around = {
  path: string
  traceparent: string | null
  otlpEndpoint: string | undefined
  /** Where the control plane answers; MLflow clients find it there too. */
  apiUrl: string
}

/** What to start: the program and an environment made from nothing. */
export function launchOf(args: { kept: Kept; folder: Folder; command: string[] }, around: Around): Launch {
  const { kept, folder, command } = args
  const { devices, timeoutMs } = kept.accepted
  const visible = devices.map(({ uuid }) => uuid).join(',')
  return {
    command,
    timeoutMs,
    graceMs: GRACE_MS,
    env: {
      PATH: around.path,
      HOME: folder.job,
      TMPDIR: folder.temporary,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      MODELYARD_JOB_DIR: folder.job,
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      CUDA_VISIBLE_DEVICES: visible,
      NVIDIA_VISIBLE_DEVICES: visible === '' ? 'none' : visible,
      ...trackingOf(kept, around.apiUrl),
      ...(around.traceparent === null ? {} : { TRACEPARENT: around.traceparent }),
      ...(around.otlpEndpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: around.otlpEndpoint }),
    },
  }
}

/** What makes an MLflow client in the program log to the job's own run, with nothing else configured. */
function trackingOf(kept: Kept, apiUrl: string): Record<string, string> {
  const { mlflow } = kept.accepted
  if (!mlflow) return {}
  return {
    MLFLOW_TRACKING_URI: apiUrl.replace(/\/+$/, ''),
    MLFLOW_TRACKING_TOKEN: mlflow.token,
    MLFLOW_RUN_ID: mlflow.runId,
    MLFLOW_EXPERIMENT_ID: mlflow.experimentId,
  }
}

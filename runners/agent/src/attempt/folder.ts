import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ProcessIdentity } from '../processes.ts'

/** What the supervisor is to start. */
export const Launch = z.object({
  command: z.array(z.string()).min(1),
  env: z.record(z.string(), z.string()),
  timeoutMs: z.number(),
  graceMs: z.number(),
})
export type Launch = z.infer<typeof Launch>

/** Written by the supervisor before it starts anything. */
export const Handle = z.object({ supervisor: ProcessIdentity, bootId: z.string() })
export type Handle = z.infer<typeof Handle>
/** Until when the work may go on unheard, on the monotonic clock. */
export const Lease = z.object({ deadlineMs: z.number() })
export const STOP_REASONS = ['cancel', 'preempt', 'timeout', 'drain', 'fenced'] as const
export const Stop = z.object({ reason: z.enum(STOP_REASONS), graceMs: z.number() })
export type Stop = z.infer<typeof Stop>
export const Exit = z.object({
  exitCode: z.number().nullable(),
  signal: z.string().nullable(),
  stopReason: z.enum(STOP_REASONS).nullable(),
})
export type Exit = z.infer<typeof Exit>
/** The batch of metric lines that is under way: the same bytes are sent again under the same number. */
export const MetricCursor = z.object({ seq: z.number(), from: z.number(), to: z.number() })

/** Where everything of one attempt lies. The training program sees `job` and nothing above it. */
export function folderOf(root: string) {
  const at = (name: string) => join(root, name)
  return {
    root,
    job: at('job'),
    temporary: at('tmp'),
    kept: at('accepted.json'),
    launch: at('launch.json'),
    handle: at('handle.json'),
    trainer: at('trainer.json'),
    lease: at('lease.json'),
    stop: at('stop.json'),
    exit: at('exit.json'),
    log: at('log'),
    cursor: at('metrics.json'),
    metrics: join(at('job'), 'metrics.jsonl'),
    outputs: join(at('job'), 'outputs'),
  }
}
export type Folder = ReturnType<typeof folderOf>

export function makeFolder(attemptsDir: string, attemptId: string): Folder {
  const folder = folderOf(join(attemptsDir, attemptId))
  for (const path of [folder.root, folder.job, folder.temporary, join(folder.job, 'inputs'), folder.outputs])
    mkdirSync(path, { recursive: true, mode: 0o700 })
  return folder
}

/** The attempts that an agent before this one left. */
export function listFolders(attemptsDir: string): Folder[] {
  mkdirSync(attemptsDir, { recursive: true, mode: 0o700 })
  return readdirSync(attemptsDir).map((name) => folderOf(join(attemptsDir, name)))
}

export const removeFolder = (folder: Folder): void => rmSync(folder.root, { recursive: true, force: true })

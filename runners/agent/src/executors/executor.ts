import type { Device } from '@modelyard/contracts'
import type { z } from 'zod'
import type { Exit, Folder, Launch, Stop } from '../attempt/folder.ts'

export type ReportedDevice = z.output<typeof Device>

/** `gone`: whoever watched over the work vanished without a word of how it ended. */
export type ExecutorStatus = { state: 'absent' | 'running' | 'gone' } | { state: 'ended'; exit: Exit }

/**
 * One way of running an attempt. Logs are always the folder's log file. `start` may be called again for a folder that
 * has started: it changes nothing then.
 */
export type Executor = {
  kind: string
  /** What this machine offers. */
  probe: () => Promise<ReportedDevice[]>
  start: (folder: Folder, launch: Launch) => Promise<void>
  /** Take over what an earlier agent started; says how it stands. */
  adopt: (folder: Folder) => ExecutorStatus
  /** Ask for a stop, or end it at once. */
  signal: (folder: Folder, order: Stop | 'kill') => void
  status: (folder: Folder) => ExecutorStatus
}

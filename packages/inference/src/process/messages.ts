/** The words of the frame protocol. */

export type LoadMessage = { type: 'load'; path: string; sha256: string; threads: number }
export type RunMessage = { type: 'run'; id: number; traceparent?: string }
export type ParentMessage = LoadMessage | RunMessage

export type PortNames = { name: string; dtype: string }
/** `warmMs` is the fastest of the warm-up runs, with one row of zeros. */
export type LoadedMessage = {
  type: 'loaded'
  inputs: PortNames[]
  outputs: PortNames[]
  loadMs: number
  warmMs: number
}
/** `startedAtMs` is Unix time, `runMs` the time inside the model: together a span measured where it happened. */
export type RanMessage = { type: 'ran'; id: number; startedAtMs: number; runMs: number; traceparent?: string }
export type FailedMessage = { type: 'failed'; id: number | null; reason: string }
export type ChildMessage = LoadedMessage | RanMessage | FailedMessage

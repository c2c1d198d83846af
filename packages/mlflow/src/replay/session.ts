import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * One request and its answer, recorded between MLflow's own client and server: a script of sklearn autologging, model
 * registration, alias and loading by alias. Binary bodies are kept as their length.
 */
export type Exchange = {
  method: string
  target: string
  /** Content-Type of the request. */
  type?: string
  /** JSON, or the text of an artifact. */
  body?: unknown
  /** Length of a body that was no text. */
  bytes?: number
  status: number
  answer?: unknown
  /** Of an answer that is a file. */
  answerType?: string
  disposition?: string
}

export const SESSIONS = ['client-2.21', 'client-3.11'] as const

export function readSession(name: (typeof SESSIONS)[number]): Exchange[] {
  const file = fileURLToPath(new URL(`./sessions/${name}.jsonl`, import.meta.url))
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Exchange)
}

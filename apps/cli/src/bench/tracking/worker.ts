import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { readEnv } from '../../env.ts'

/** A Python script beside this file that answers each line of JSON with another. */
export type Worker = { ask: (request: Record<string, unknown>) => Promise<unknown>; stop: () => void }

export type Script = { python: string; script: string; env?: Record<string, string> }

export function openWorker({ python, script, env = {} }: Script): Worker {
  const { PATH = '', HOME = '' } = readEnv().inherited
  const file = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(python, [file], { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH, HOME, ...env } })
  const waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { value, error } = JSON.parse(line) as { value?: unknown; error?: string }
    const next = waiting.shift()
    if (error === undefined) next?.resolve(value)
    else next?.reject(new Error(error))
  })
  child.once('exit', () => {
    for (const { reject } of waiting) reject(new Error(`${script} ended`))
  })
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        child.stdin.write(`${JSON.stringify(request)}\n`)
      }),
    stop: () => child.stdin.end(),
  }
}

import { rmSync } from 'node:fs'
import { writePrivately } from './private-file.ts'
import type { StackFacts } from './services.ts'

/** What scripts and tests need to use a running stack; the content of `--ready-file`. */
export type Ready = {
  consoleUrl: string
  apiUrl: string
  gatewayUrl: string
  adminEmail: string
  adminPassword: string
  apiKey: string
  dataDir: string
  /** By name: supervisor, postgres (when ours) and each service. Rewritten when one is started again. */
  pids: Record<string, number>
}

export function readyOf(facts: StackFacts, pids: Record<string, number>): Ready {
  const address = (name: string): string => `http://127.0.0.1:${facts.ports[name]}`
  const { adminEmail, adminPassword, apiKey } = facts.secrets
  return {
    consoleUrl: address('console'),
    apiUrl: address('api'),
    gatewayUrl: address('gateway'),
    adminEmail,
    adminPassword,
    apiKey,
    dataDir: facts.dataDir,
    pids,
  }
}

export function writeReadyFile(file: string | undefined, ready: Ready): void {
  if (file) writePrivately(file, ready)
}

export function removeReadyFile(file: string | undefined): void {
  if (file) rmSync(file, { force: true })
}

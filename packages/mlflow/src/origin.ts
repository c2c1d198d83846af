import { refuse } from '@modelyard/domain'
import type { WireRequest } from './endpoint.ts'

/** Which names this server goes by, beside addresses and localhost; `*` is any. */
export type Gate = { hosts: readonly string[] }

const READS = new Set(['GET', 'HEAD'])

/**
 * Keeps browsers out that were sent here by somebody else's page: a name in `Host` that is not ours is DNS rebinding (an
 * address cannot be rebound), a foreign `Origin` on a write is a forged request. MLflow's clients send no Origin.
 */
export function refuseForeign({ method, headers }: Pick<WireRequest, 'method' | 'headers'>, gate: Gate): void {
  const host = headers.get('host') ?? ''
  if (!isOurs(host, gate)) refuse('forbidden', 'this server does not go by the name in the Host header')
  const origin = headers.get('origin')
  if (origin === null || READS.has(method)) return
  const from = URL.canParse(origin) ? new URL(origin).host : ''
  if (from !== host && !gate.hosts.includes(nameOf(from)))
    refuse('forbidden', 'pages of another origin may not write here')
}

function isOurs(host: string, { hosts }: Gate): boolean {
  const name = nameOf(host)
  return hosts.includes('*') || hosts.includes(name) || name === 'localhost' || isAddress(name)
}

/** Without the port; lower case. */
function nameOf(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '')
}

const isAddress = (name: string) => /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name) || /^\[[0-9a-f:.]+\]$/.test(name)

import { findApiKey, findMachineToken } from '@modelyard/db'
import type { Ctx, Principal } from '../context.ts'
import { holderOf } from './key-holder.ts'

type Doorkeeper = Pick<Ctx, 'db' | 'now' | 'sha256'>

/** Who holds this bearer token: an API key, a runner, a gateway or an enrolment; null for all else. */
export async function authenticateToken(ctx: Doorkeeper, token: string): Promise<Principal | null> {
  if (token.length > 200) return null
  const held = { sha256: ctx.sha256(token), now: ctx.now() }
  return token.startsWith('my_') ? holderOfKey(ctx, held) : machineOf(ctx, held)
}

type Held = { sha256: string; now: Date }

async function holderOfKey(ctx: Doorkeeper, held: Held): Promise<Principal | null> {
  const found = await findApiKey(ctx.db, held)
  return found && holderOf(ctx, found)
}

async function machineOf(ctx: Doorkeeper, held: Held): Promise<Principal | null> {
  const found = await findMachineToken(ctx.db, held)
  if (!found) return null
  const { token, runnerName, runnerState } = found
  switch (token.kind) {
    case 'enrol':
      return (token.usesLeft ?? 0) > 0 ? { kind: 'enrol', sha256: held.sha256 } : null
    case 'gateway':
      return token.gatewayId ? { kind: 'gateway', gatewayId: token.gatewayId, name: 'gateway' } : null
    case 'runner':
      if (!token.runnerId || runnerState === 'disabled') return null
      return { kind: 'runner', runnerId: token.runnerId, name: runnerName ?? 'runner' }
  }
}

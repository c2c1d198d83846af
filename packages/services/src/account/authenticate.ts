import { findApiKey, findMachineToken, touchApiKey } from '@modelyard/db'
import type { KeyScope } from '@modelyard/domain'
import type { Ctx, Principal } from '../context.ts'

/** Who holds this bearer token: an API key, a runner, a gateway or an enrolment; null for all else. */
export async function authenticateToken(
  ctx: Pick<Ctx, 'db' | 'now' | 'sha256'>,
  token: string,
): Promise<Principal | null> {
  if (token.length > 200) return null
  const sha256 = ctx.sha256(token)
  const now = ctx.now()
  if (token.startsWith('my_')) {
    const found = await findApiKey(ctx.db, { sha256, now })
    if (!found) return null
    await touchApiKey(ctx.db, { id: found.key.id, now })
    const { key, owner } = found
    const scopes = key.scopes as KeyScope[]
    return {
      kind: 'api_key',
      keyId: key.id,
      userId: owner.id,
      name: `${key.name} (${owner.name})`,
      email: owner.email,
      scopes,
      projectId: key.projectId,
    }
  }
  const found = await findMachineToken(ctx.db, { sha256, now })
  if (!found) return null
  const { token: row } = found
  if (row.kind === 'enrol') return (row.usesLeft ?? 0) > 0 ? { kind: 'enrol', sha256 } : null
  if (row.kind === 'gateway' && row.gatewayId) return { kind: 'gateway', gatewayId: row.gatewayId, name: 'gateway' }
  if (row.kind === 'runner' && row.runnerId && found.runnerState !== 'disabled') {
    return { kind: 'runner', runnerId: row.runnerId, name: found.runnerName ?? 'runner' }
  }
  return null
}

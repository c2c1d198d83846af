import { findMembership } from '@modelyard/db'
import { type KeyScope, keyCan, type Permission, refuse, requirePermission } from '@modelyard/domain'
import type { Ctx, Scope } from './context.ts'

export type Project = Scope['project']
export type { Scope }

/** What a training process may do with the token of its attempt. */
const OF_ATTEMPTS: ReadonlySet<Permission> = new Set(['project.read', 'run.write', 'model.register'])

/**
 * The project of that slug, if the caller may do this in it. A project that does not exist and one the caller is no
 * member of give the same answer, so that nobody learns which names are taken.
 */
export async function inProject(ctx: Ctx, slug: string, permission: Permission): Promise<Scope> {
  const { principal } = ctx
  if (principal.kind === 'attempt') return inProjectOfAttempt(ctx, slug, permission)
  if (principal.kind !== 'user' && principal.kind !== 'api_key') {
    return refuse('forbidden', `a ${principal.kind} may not call this`)
  }
  const known = ctx.scope?.project.slug === slug ? ctx.scope : null
  const found = known ?? (await findMembership(ctx.db, { slug, userId: principal.userId }))
  const bound = principal.kind === 'api_key' ? principal.projectId : null
  if (!found || (bound !== null && bound !== found.project.id)) {
    return refuse('not_found', `there is no project "${slug}" that you are a member of`, { field: 'project' })
  }
  requirePermission(found.role, permission)
  if (principal.kind === 'api_key') requireScope(principal.scopes, permission)
  return { project: found.project, role: found.role }
}

function requireScope(scopes: readonly KeyScope[], permission: Permission): void {
  if (keyCan(scopes, permission)) return
  refuse('forbidden', `this API key's scopes (${scopes.join(', ')}) do not allow ${permission}`)
}

/** A door that lets attempts in has found their project already; there is no other. */
function inProjectOfAttempt(ctx: Ctx, slug: string, permission: Permission): Scope {
  const { scope } = ctx
  if (scope?.project.slug !== slug) return refuse('not_found', `there is no project "${slug}" for this attempt`)
  if (!OF_ATTEMPTS.has(permission)) refuse('forbidden', `the token of an attempt does not allow ${permission}`)
  return scope
}

/** Calls outside any project: a person, or a key that is bound to none and may administrate. */
export function asPerson(ctx: Ctx): { userId: string } {
  const { principal } = ctx
  if (principal.kind === 'user') return { userId: principal.userId }
  if (principal.kind === 'api_key' && principal.projectId === null && principal.scopes.includes('admin')) {
    return { userId: principal.userId }
  }
  return refuse('forbidden', 'this takes a signed-in person or an unbound API key with the scope admin')
}

export function asRunner(ctx: Ctx): { runnerId: string } {
  return ctx.principal.kind === 'runner' ? ctx.principal : refuse('forbidden', 'this takes a runner token')
}

export function asGateway(ctx: Ctx): { gatewayId: string } {
  return ctx.principal.kind === 'gateway' ? ctx.principal : refuse('forbidden', 'this takes a gateway token')
}

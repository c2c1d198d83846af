import { findAttemptByToken, findCaller } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { Ctx, Principal, Scope } from '../context.ts'
import { ATTEMPT_TOKEN_PREFIX } from '../job/tie.ts'
import { holderOf } from './key-holder.ts'

type Doorkeeper = Pick<Ctx, 'db' | 'now' | 'sha256'>

export type Entry = {
  /** An API key or the token of an attempt. */
  token: string | null
  /** What stands for a user name beside it; it chooses the project where it is the slug of one. */
  login: string | null
  /** The project that the address names. */
  slug: string | null
}
export type Entered = { principal: Principal; scope: Scope }

const MAX_TOKEN = 200

/**
 * Who holds the token, and which project they mean: of a bound key its own, else the one the address names, else the one
 * the login names, else the only one there is. One statement for a key that was used within the last minute.
 * @throws Refusal `unauthenticated` when nobody holds it, `not_found` when it does not open the project, `invalid` when
 * it opens several and none was named
 */
export async function enterProject(ctx: Doorkeeper, entry: Entry): Promise<Entered> {
  const { token } = entry
  const entered = token !== null && token.length <= MAX_TOKEN ? await enterWith(ctx, token, entry) : null
  return entered ?? refuse('unauthenticated', 'send a live API key as bearer token or as the password of Basic')
}

async function enterWith(ctx: Doorkeeper, token: string, entry: Entry): Promise<Entered | null> {
  const sha256 = ctx.sha256(token)
  if (token.startsWith(ATTEMPT_TOKEN_PREFIX)) return enterAttempt(ctx, sha256, entry)
  const { slug, login } = entry
  const found = await findCaller(ctx.db, { sha256, now: ctx.now(), slug, login })
  return found && { principal: await holderOf(ctx, found), scope: chooseScope(found.scopes, entry) }
}

/** A training process works in the project of its job, as an editor whom `inProject` holds to what attempts may do. */
async function enterAttempt(ctx: Doorkeeper, sha256: string, entry: Entry): Promise<Entered | null> {
  const found = await findAttemptByToken(ctx.db, sha256)
  if (!found) return null
  const { project, ...ids } = found
  if (entry.slug !== null && entry.slug !== project.slug) noSuchProject(entry.slug)
  return { principal: { kind: 'attempt', projectId: project.id, ...ids }, scope: { project, role: 'editor' } }
}

function chooseScope(scopes: readonly Scope[], { slug, login }: Entry): Scope {
  const [first, second] = scopes
  if (!first) return noSuchProject(slug)
  if (!second || first.project.slug === login) return first
  const slugs = scopes.map(({ project }) => project.slug)
  return refuse(
    'invalid',
    `this key opens several projects: name one of ${slugs.join(', ')} in the address (/projects/<slug>) or as the user name`,
    {
      field: 'project',
      details: { projects: slugs },
    },
  )
}

function noSuchProject(slug: string | null): never {
  const named = slug === null ? 'no project' : `no project "${slug}"`
  return refuse('not_found', `there is ${named} that this key opens`, { field: 'project' })
}

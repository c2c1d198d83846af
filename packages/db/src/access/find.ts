import { and, asc, eq, gt, isNull, or, type Placeholder, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { apiKey, machineToken, member, project, runner, user } from '../schema/index.ts'

/** The project of that slug with the role the person has in it; null when there is none of either. */
export async function findMembership(db: Db, args: { slug: string; userId: string }) {
  const [row] = await db
    .select({ project, role: member.role })
    .from(project)
    .innerJoin(member, and(eq(member.projectId, project.id), eq(member.userId, args.userId)))
    .where(eq(project.slug, args.slug))
  return row ?? null
}

export async function listMemberships(db: Db, userId: string) {
  return db
    .select({ project, role: member.role })
    .from(member)
    .innerJoin(project, eq(member.projectId, project.id))
    .where(eq(member.userId, userId))
    .orderBy(asc(project.id))
}

/** A live API key with its owner. */
export async function findApiKey(db: Db, args: { sha256: string; now: Date }) {
  const [row] = await db
    .select({ key: apiKey, owner: { id: user.id, name: user.name, email: user.email } })
    .from(apiKey)
    .innerJoin(user, eq(apiKey.ownerId, user.id))
    .where(isLiveKey(args))
  return row ?? null
}

/** How many projects an unbound key is asked to choose from, at most. */
const MAX_CHOICES = 20

/** The door of every request: built once for a pool, and its plan is kept by PostgreSQL. */
const doors = new WeakMap<Db, ReturnType<typeof prepareDoor>>()

function prepareDoor(db: Db) {
  const [slug, login] = [sql.placeholder('slug'), sql.placeholder('login')]
  const isSeat = and(
    eq(member.userId, apiKey.ownerId),
    or(isNull(apiKey.projectId), eq(apiKey.projectId, member.projectId)),
  )
  const isWanted = sql`(${slug}::text is null or ${project.slug} = ${slug})`
  return db
    .select({ key: apiKey, owner: { id: user.id, name: user.name, email: user.email }, project, role: member.role })
    .from(apiKey)
    .innerJoin(user, eq(apiKey.ownerId, user.id))
    .leftJoin(member, isSeat)
    .leftJoin(project, and(eq(project.id, member.projectId), isWanted))
    .where(isLiveKey({ sha256: sql.placeholder('sha256'), now: sql.placeholder('now') }))
    .orderBy(sql`${project.id} is null`, sql`${project.slug} = ${login} desc nulls last`, asc(project.id))
    .limit(MAX_CHOICES)
    .prepare('door')
}

/**
 * A live API key with its owner and the projects it opens: the bound one, or those of its owner; of these only `slug`
 * where one is given, and the one called `login` first. All of a door's questions in one statement; null when nobody
 * holds the key.
 */
export async function findCaller(
  db: Db,
  args: { sha256: string; now: Date; slug: string | null; login: string | null },
): Promise<Caller | null> {
  const door = doors.get(db) ?? prepareDoor(db)
  doors.set(db, door)
  const rows = await door.execute(args)
  const [first] = rows
  if (!first) return null
  const scopes = rows.flatMap(({ project, role }) => (project && role ? [{ project, role }] : []))
  return { key: first.key, owner: first.owner, scopes }
}

type Caller = {
  key: typeof apiKey.$inferSelect
  owner: { id: string; name: string; email: string }
  scopes: { project: typeof project.$inferSelect; role: NonNullable<(typeof member.$inferSelect)['role']> }[]
}

const isLiveKey = (args: { sha256: string | Placeholder; now: Date | Placeholder }) =>
  and(
    eq(apiKey.sha256, args.sha256),
    isNull(apiKey.revokedAt),
    or(isNull(apiKey.expiresAt), gt(apiKey.expiresAt, args.now)),
  )

/** Note that a key was used; whoever read the key knows whether its note is old enough to be worth a write. */
export async function touchApiKey(db: Db, args: { id: string; now: Date }): Promise<void> {
  await db.update(apiKey).set({ lastUsedAt: args.now }).where(eq(apiKey.id, args.id))
}

/** A live runner, gateway or enrolment token. */
export async function findMachineToken(db: Db, args: { sha256: string; now: Date }) {
  const [row] = await db
    .select({ token: machineToken, runnerName: runner.name, runnerState: runner.state })
    .from(machineToken)
    .leftJoin(runner, eq(machineToken.runnerId, runner.id))
    .where(
      and(
        eq(machineToken.sha256, args.sha256),
        isNull(machineToken.revokedAt),
        or(isNull(machineToken.expiresAt), gt(machineToken.expiresAt, args.now)),
      ),
    )
  return row ?? null
}

export async function findUserByEmail(db: Db, email: string) {
  const [row] = await db.select().from(user).where(eq(user.email, email.toLowerCase()))
  return row ?? null
}

import { and, asc, eq, gt, isNull, or, sql } from 'drizzle-orm'
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
    .where(
      and(
        eq(apiKey.sha256, args.sha256),
        isNull(apiKey.revokedAt),
        or(isNull(apiKey.expiresAt), gt(apiKey.expiresAt, args.now)),
      ),
    )
  return row ?? null
}

/** Minute-exact is enough for people, and spares a write per request. */
export async function touchApiKey(db: Db, args: { id: string; now: Date }): Promise<void> {
  await db
    .update(apiKey)
    .set({ lastUsedAt: args.now })
    .where(
      sql`${apiKey.id} = ${args.id} and coalesce(${apiKey.lastUsedAt}, 'epoch') < ${args.now}::timestamptz - interval '1 minute'`,
    )
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

import { and, asc, desc, eq } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { account, apiKey, member, project, user } from '../schema/index.ts'

type Role = 'viewer' | 'editor' | 'deployer' | 'admin'

/** A person who signs in with e-mail and password; `passwordHash` is better-auth's. */
export async function insertAccount(
  db: Db,
  args: {
    userId: string
    accountId: string
    name: string
    email: string
    passwordHash: string
    isOwner: boolean
    now: Date
  },
): Promise<void> {
  const { userId, now } = args
  await db.insert(user).values({
    id: userId,
    name: args.name,
    email: args.email.toLowerCase(),
    emailVerified: true,
    isOwner: args.isOwner,
    createdAt: now,
    updatedAt: now,
  })
  await db.insert(account).values({
    id: args.accountId,
    accountId: userId,
    providerId: 'credential',
    userId,
    password: args.passwordHash,
    createdAt: now,
    updatedAt: now,
  })
}

export async function upsertMember(
  db: Db,
  args: { projectId: string; userId: string; role: Role; now: Date },
): Promise<void> {
  await db
    .insert(member)
    .values({ projectId: args.projectId, userId: args.userId, role: args.role, createdAt: args.now })
    .onConflictDoUpdate({ target: [member.projectId, member.userId], set: { role: args.role } })
}

export async function listMembers(db: Db, projectId: string) {
  return db
    .select({ userId: user.id, name: user.name, email: user.email, role: member.role })
    .from(member)
    .innerJoin(user, eq(member.userId, user.id))
    .where(eq(member.projectId, projectId))
    .orderBy(asc(user.name))
}

/** Keys a person owns, newest first, with the slug of the project each is bound to. */
export async function listApiKeys(db: Db, ownerId: string) {
  return db
    .select({ key: apiKey, slug: project.slug })
    .from(apiKey)
    .leftJoin(project, eq(apiKey.projectId, project.id))
    .where(eq(apiKey.ownerId, ownerId))
    .orderBy(desc(apiKey.id))
}

export async function revokeApiKey(db: Db, args: { id: string; ownerId: string; now: Date }): Promise<boolean> {
  const rows = await db
    .update(apiKey)
    .set({ revokedAt: args.now })
    .where(and(eq(apiKey.id, args.id), eq(apiKey.ownerId, args.ownerId)))
    .returning({ id: apiKey.id })
  return rows.length === 1
}

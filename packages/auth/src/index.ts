import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { hashPassword } from 'better-auth/crypto'

export type AuthSettings = {
  /** The Drizzle database and the account tables; this package knows neither's shape. */
  db: Parameters<typeof drizzleAdapter>[0]
  tables: Record<'user' | 'session' | 'account' | 'verification', unknown>
  secret: string
  /** Public address of the console; other origins are refused. */
  consoleUrl: string
}

const MINUTE_S = 60

/** E-mail and password only; accounts are made by an administrator, never by signing up. */
export function createAuth(settings: AuthSettings) {
  return betterAuth({
    appName: 'Modelyard',
    baseURL: settings.consoleUrl,
    basePath: '/api/auth',
    secret: settings.secret,
    trustedOrigins: [settings.consoleUrl],
    database: drizzleAdapter(settings.db, { provider: 'pg', schema: settings.tables, transaction: true }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 200 },
    session: { expiresIn: 7 * 24 * 60 * MINUTE_S, updateAge: 12 * 60 * MINUTE_S },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 300,
      customRules: { '/sign-in/email': { window: 5 * MINUTE_S, max: 20 } },
    },
    advanced: {
      cookiePrefix: 'modelyard',
      useSecureCookies: settings.consoleUrl.startsWith('https:'),
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true },
    },
    telemetry: { enabled: false },
  })
}
export type Auth = ReturnType<typeof createAuth>

export type SessionUser = { id: string; name: string; email: string }

/** Who holds the session cookie of these request headers; null when nobody does. */
export async function readSession(auth: Auth, headers: Headers): Promise<SessionUser | null> {
  const found = await auth.api.getSession({ headers })
  return found ? { id: found.user.id, name: found.user.name, email: found.user.email } : null
}

/** Hash a password the way sign-in verifies it (scrypt). */
export { hashPassword }

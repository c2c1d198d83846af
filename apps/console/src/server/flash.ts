import 'server-only'
import { cookies } from 'next/headers'

const NAME = 'my_flash'
/** Long enough for the page that follows, too short to be found by the next visit. */
const MAX_AGE_S = 30

/** Carries a refusal's sentence to the page that follows: an address would let anybody put words into our mouth. */
export function flashCookie(message: string): string {
  const value = encodeURIComponent(message.slice(0, 500).toWellFormed())
  return `${NAME}=${value}; Path=/; Max-Age=${MAX_AGE_S}; HttpOnly; SameSite=Lax`
}

/** The sentence carried from the last form, if there was one. */
export async function readFlash(): Promise<string | null> {
  const value = (await cookies()).get(NAME)?.value
  return value === undefined || value === '' ? null : value
}

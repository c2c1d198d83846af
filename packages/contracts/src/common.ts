import { z } from 'zod'

const ID_BODY = '[0-9a-z]{26}'

/** A prefixed, time-ordered id, for example `run_01k…`. */
export const idOf = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_${ID_BODY}$`), `must be a ${prefix}_ id`)

/** Text that PostgreSQL can hold, alone and inside JSON: no NUL, no half of a surrogate pair. */
export const Text = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be Unicode text without a NUL character')

/** What an `integer` column holds. */
export const INT4_MAX = 2 ** 31 - 1

/** UTC instant in ISO 8601; the wire never carries a Date. */
export const IsoTime = z.iso.datetime({ offset: true })

/** An instant that a caller names and PostgreSQL can hold; the offset may push the year out of its four digits. */
export const GivenTime = IsoTime.refine((text) => {
  const year = new Date(text).getUTCFullYear()
  return year >= 1900 && year <= 9999
}, 'must lie in the years 1900 to 9999')

/** Lower-case name that stands in URLs. */
export const Slug = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    'use 1-63 lower-case letters, digits and dashes, not starting or ending with a dash',
  )

/** A registered model: any text that can stand between `models:/` and a version. */
export const ModelName = Text.min(1)
  .max(256)
  .refine((name) => name.trim() !== '' && !/[/:]/.test(name) && name !== '.' && name !== '..', {
    error: 'must not be blank, "." or "..", nor hold a slash or colon',
  })

/** A name people chose: any script, no control or direction-override characters. */
export const DisplayName = Text.trim()
  .min(1)
  .max(200)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]+$/, 'must not hold control characters')

export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a lower-case hexadecimal SHA-256')

/** Basis points: 10000 is all traffic. */
export const Bps = z.number().int().min(0).max(10_000)

/** Sent by every caller of a mutation; the same key gives the same effect once. */
export const IdempotencyKey = Text.min(8).max(255)

export const PageInput = z.object({
  limit: z.number().int().min(1).max(200).default(50),
  cursor: Text.max(200).optional(),
})

export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })

/** Who did something, as shown to people. */
export const ActorRef = z.object({
  kind: z.enum(['user', 'api_key', 'runner', 'gateway', 'system']),
  id: z.string(),
  label: z.string(),
  /** The person behind it, where there is one: a key acts for its owner. */
  userId: z.string().optional(),
})
export type ActorRef = z.infer<typeof ActorRef>

/** Why something was judged as it was, for whoever says it in another language than the sentence beside it. */
const PlainReason = z.object({ code: z.string(), args: z.record(z.string(), z.union([z.string(), z.number()])) })
export const Reason = PlainReason.extend({ because: z.array(PlainReason).optional() })
export type Reason = z.infer<typeof Reason>

/** One judged condition: the shape of every gate, whatever it guards. */
export const GateResult = z.object({
  gate: z.string(),
  pass: z.boolean(),
  /** Why it does not pass: it failed, or nobody knows. Absent in records from before it was kept. */
  verdict: z.enum(['pass', 'fail', 'unknown', 'waived']).optional(),
  observed: z.number().nullable(),
  threshold: z.number().nullable(),
  unit: z.string().optional(),
  detail: z.string(),
  /** The detail as a code with arguments; absent in records from before it was kept. */
  reason: Reason.optional(),
  /** Who let it pass all the same, for which bytes. */
  waiver: z.object({ digest: Sha256, by: ActorRef, at: IsoTime, reason: z.string() }).optional(),
})
export type GateResult = z.infer<typeof GateResult>

export const ProjectRef = z.object({ project: Slug })

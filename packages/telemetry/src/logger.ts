/** JSON lines on standard output: level, time, process, trace id, message and details, without secrets. */
import { trace } from '@opentelemetry/api'
import { type DestinationStream, pino, stdSerializers } from 'pino'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

type Write = (detail: object, message: string) => void
export type Logger = Readonly<Record<LogLevel, Write>> & { child: (bindings: object) => Logger; flush: () => void }

/** `destination` defaults to standard output, written synchronously so that the last words of a crash are kept. */
export type LoggerConfig = { process: string; level?: LogLevel; destination?: DestinationStream }

const SECRET_NAME = /pass(word|phrase)?$|secret|token|cookie|authorization|credential|api_?key$|private_?key/i
/** Names that look like secrets and are none: ids, counts and flags. */
const HARMLESS_NAME = /(id|ids|hint|count|kind|expires_?at|uses_?left|tokens)$/i
/** Our own credentials, webhook secrets, bearer headers, and passwords in connection strings. */
const SECRET_TEXT =
  /\bmy[rge]?_[0-9A-Za-z]{8}_[0-9A-Za-z_-]{16,}|\bmy[rge]_[0-9A-Za-z_-]{32,}|\bwhsec_[0-9A-Za-z+/_-]{16,}=*|(?<=\bBearer )\S+|(?<=:\/\/[^\s:/@]+:)[^\s@]+(?=@)/g
const REDACTED = '[redacted]'
const MAX_DEPTH = 6

/** Replace what looks like a credential inside a text. */
export function redactText(text: string): string {
  return text.replace(SECRET_TEXT, REDACTED)
}

/** A copy of a value without secrets: by the names of its members, and by the shape of its texts. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (depth >= MAX_DEPTH) return '[deeper]'
  if (value instanceof Error) return redactError(value, depth)
  if (value instanceof Date || 'toJSON' in value) return value
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, redactMember(name, member, depth)]))
}

function redactMember(name: string, member: unknown, depth: number): unknown {
  const secret = SECRET_NAME.test(name) && !HARMLESS_NAME.test(name) && typeof member !== 'boolean'
  return secret && member !== null && member !== undefined ? REDACTED : redact(member, depth + 1)
}

function redactError(error: Error, depth: number): unknown {
  const { type, message, stack, params: _, ...rest } = stdSerializers.err(error)
  const more = redact({ ...rest, raw: undefined }, depth + 1)
  const told = (text: string) => redactText(withoutValues(text, error))
  return { type, message: told(message), stack: told(stack), ...(more as object) }
}

/**
 * Drizzle writes the values of a failed query into its words. They are what people logged, and a thousand metrics in
 * each line would fill the disk while the database is away.
 */
function withoutValues(text: string, error: unknown): string {
  let without = text
  for (let at = error, depth = 0; at instanceof Error && depth < MAX_DEPTH; at = at.cause, depth++) {
    const { params } = at as { params?: unknown }
    if (Array.isArray(params)) without = without.replaceAll(`\nparams: ${params}`, '')
  }
  return without
}

/** A logger of one process. `log.info({ jobId }, 'job offered')`: details first, then one plain sentence. */
export function createLogger({ process: name, level = 'info', destination }: LoggerConfig): Logger {
  return pino(
    {
      level,
      base: { process: name, pid: process.pid },
      messageKey: 'msg',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { err: (value: unknown) => value },
      formatters: {
        level: (label) => ({ level: label }),
        log: (detail) => redact(detail) as Record<string, unknown>,
      },
      hooks: {
        logMethod(args, method) {
          const [detail, message, ...rest] = args
          method.apply(this, [detail, typeof message === 'string' ? redactText(message) : message, ...rest])
        },
      },
      mixin: () => {
        const traceId = trace.getActiveSpan()?.spanContext().traceId
        return traceId === undefined ? {} : { traceId }
      },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  )
}

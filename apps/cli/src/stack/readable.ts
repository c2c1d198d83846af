/** Turns a structured log line into one a person can read; anything else is left as it is. */

const LEVELS: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' }
const LONGEST = 240
// Said by the prefix and the terminal already.
const UNSAID = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name', 'process', 'service', 'v'])

/** @param brief a stack trace is cut to its first line; the log file has the rest */
export function readable(line: string, brief = false): string {
  if (!line.startsWith('{')) return line
  let record: Record<string, unknown>
  try {
    record = JSON.parse(line) as Record<string, unknown>
  } catch {
    return line
  }
  if (typeof record.msg !== 'string') return line
  const level = typeof record.level === 'number' ? (LEVELS[record.level] ?? String(record.level)) : String(record.level)
  const rest = Object.entries(record).filter(([key]) => !UNSAID.has(key))
  return [
    level === 'info' ? '' : level.toUpperCase(),
    record.msg,
    ...rest.map(([key, value]) => pair(key, value, brief)),
  ]
    .filter((part) => part !== '')
    .join(' ')
}

function pair(key: string, value: unknown, brief: boolean): string {
  if (typeof value === 'string') return /[\s"]/.test(value) ? `${key}=${JSON.stringify(value)}` : `${key}=${value}`
  const stack = typeof value === 'object' && value !== null ? (value as { stack?: unknown }).stack : undefined
  if (typeof stack !== 'string') return `${key}=${JSON.stringify(value)}`
  return brief ? `${key}=${stack.split('\n')[0]?.slice(0, LONGEST)}` : `${key}=${stack}`
}

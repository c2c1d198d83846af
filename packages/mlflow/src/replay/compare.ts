/** Times that a server takes from its own clock. */
const CLOCK = /^(?:creation|last_updated?)_time(?:stamp)?(?:_ms)?$/

/** Comparable JSON: clocks are alike, lists whose order says nothing are in one order, and JSON in a text is JSON too. */
export function normalise(value: unknown, name = ''): unknown {
  if (CLOCK.test(name)) return 'a time'
  if (Array.isArray(value)) return value.map((item) => normalise(item)).sort(byName)
  if (typeof value === 'string') return /^[[{]/.test(value) ? inText(value) : value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, normalise(member, key)]))
}

function inText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function byName(one: unknown, other: unknown): number {
  const name = (item: unknown) => {
    const { key, path } = (item ?? {}) as { key?: unknown; path?: unknown }
    return String(key ?? path ?? '')
  }
  return name(one) < name(other) ? -1 : Number(name(one) > name(other))
}

export type Mismatch = { path: string; recorded: unknown; ours: unknown }

/** Where two normalised values differ. */
export function compare(recorded: unknown, ours: unknown, path = ''): Mismatch[] {
  if (Object.is(recorded, ours)) return []
  if (typeof recorded !== 'object' || typeof ours !== 'object' || recorded === null || ours === null)
    return [{ path, recorded, ours }]
  const keys = new Set([...Object.keys(recorded), ...Object.keys(ours)])
  const [one, other] = [recorded as Record<string, unknown>, ours as Record<string, unknown>]
  return [...keys].flatMap((key) => compare(one[key], other[key], path === '' ? key : `${path}.${key}`))
}

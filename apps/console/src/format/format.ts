/** How numbers and times are written; one set of rules for server and browser, so that hydration sees equal text. */
export type Format = ReturnType<typeof makeFormat>

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

function bytes(locale: string, size: number): string {
  const step = size < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(size) / 3))
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: BYTE_UNITS[step],
    unitDisplay: 'narrow',
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(size / 1000 ** step)
}

function duration(locale: string, ms: number): string {
  const unit = (value: number, name: 'hour' | 'minute' | 'second' | 'millisecond', digits = 0) =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'narrow',
      maximumFractionDigits: digits,
    }).format(value)
  if (ms < 1_000) return unit(Math.max(0, Math.round(ms)), 'millisecond')
  if (ms < 60_000) return unit(ms / 1_000, 'second', 1)
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${unit(minutes, 'minute')} ${unit(Math.floor((ms % 60_000) / 1_000), 'second')}`
  return `${unit(Math.floor(minutes / 60), 'hour')} ${unit(minutes % 60, 'minute')}`
}

/** Small p-values say how small, in the way of the field. */
function pValue(locale: string, p: number | null): string {
  if (p === null) return '–'
  if (p < 1e-6) return '< 1e-6'
  if (p < 0.001) return p.toExponential(1)
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 }).format(p)
}

/** Up to four significant digits, of metrics of any size: those with a row of noughts say their power of ten instead. */
function metric(locale: string, value: number | null | undefined): string {
  if (value === null || value === undefined) return '–'
  const size = Math.abs(value)
  if (Number.isFinite(value) && value !== 0 && (size < 1e-4 || size >= 1e9)) {
    return Number(value.toPrecision(4)).toExponential()
  }
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 }).format(value)
}

/** `timeZone` is an IANA name; instants come in as ISO text or epoch milliseconds. */
export function makeFormat(locale: string, timeZone: string) {
  const number = (value: number | null | undefined, digits = 0) =>
    value === null || value === undefined
      ? '–'
      : new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value)
  const date = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options })
  const clock = date({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const full = date({
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'shortOffset',
  })
  const day = date({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' })
  return {
    locale,
    timeZone,
    number,
    metric: (value: number | null | undefined) => metric(locale, value),
    percent: (share: number | null | undefined, digits = 1) =>
      share === null || share === undefined
        ? '–'
        : new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(share),
    bps: (value: number) =>
      new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(value / 10_000),
    ms: (value: number | null | undefined) =>
      value === null || value === undefined ? '–' : `${number(value, value < 10 ? 2 : 0)} ms`,
    bytes: (size: number) => bytes(locale, size),
    duration: (ms: number) => duration(locale, ms),
    between: (from: string | null, to: string | null, now: number) =>
      from === null ? '–' : duration(locale, Math.max(0, (to === null ? now : Date.parse(to)) - Date.parse(from))),
    p: (p: number | null) => pValue(locale, p),
    clock: (at: string | number) => clock.format(new Date(at)),
    day: (at: string | number) => day.format(new Date(at)),
    full: (at: string | number) => full.format(new Date(at)),
  }
}

/** The first characters of a hash or id: enough to tell apart, short enough to read. */
export function short(text: string, length = 10): string {
  return text.length <= length ? text : text.slice(0, length)
}

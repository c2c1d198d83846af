/** What a colour means. Colour never stands alone: every user pairs it with an icon or a word. */
export type Tone = 'ok' | 'warn' | 'crit' | 'info' | 'active' | 'neutral'

export const toneText: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  crit: 'text-crit',
  info: 'text-info',
  active: 'text-accent',
  neutral: 'text-ink-3',
}

export const toneSoft: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  crit: 'bg-crit-soft text-crit',
  info: 'bg-info-soft text-info',
  active: 'bg-accent-soft text-accent',
  neutral: 'bg-raised text-ink-2',
}

export const toneFill: Record<Tone, string> = {
  ok: 'fill-ok',
  warn: 'fill-warn',
  crit: 'fill-crit',
  info: 'fill-info',
  active: 'fill-accent',
  neutral: 'fill-line-strong',
}

export const toneBorder: Record<Tone, string> = {
  ok: 'border-ok/40',
  warn: 'border-warn/40',
  crit: 'border-crit/45',
  info: 'border-info/40',
  active: 'border-accent/40',
  neutral: 'border-line',
}

'use client'
import {
  AlertTriangle,
  CheckCircle2,
  Circle,
  CircleDashed,
  CircleSlash,
  Info,
  Loader,
  type LucideIcon,
  PauseCircle,
  XCircle,
} from 'lucide-react'
import { cn } from './cn.ts'
import { type Tone, toneSoft, toneText } from './tone.ts'

export type StatusIcon = 'ok' | 'fail' | 'warn' | 'info' | 'running' | 'waiting' | 'paused' | 'off' | 'dot'

const icons: Record<StatusIcon, LucideIcon> = {
  ok: CheckCircle2,
  fail: XCircle,
  warn: AlertTriangle,
  info: Info,
  running: Loader,
  waiting: CircleDashed,
  paused: PauseCircle,
  off: CircleSlash,
  dot: Circle,
}

const defaultIcon: Record<Tone, StatusIcon> = {
  ok: 'ok',
  warn: 'warn',
  crit: 'fail',
  info: 'info',
  active: 'running',
  neutral: 'dot',
}

/** Status as icon + word + colour, so that none of the three has to be seen alone. */
export function StatusPill({
  tone,
  label,
  icon = defaultIcon[tone],
  quiet = false,
  className,
}: {
  tone: Tone
  label: string
  icon?: StatusIcon
  quiet?: boolean
  className?: string
}) {
  const Icon = icons[icon]
  return (
    <span
      className={cn(
        'inline-flex max-w-full items-center gap-1 whitespace-nowrap align-middle text-xs font-medium',
        quiet ? toneText[tone] : cn('rounded-full px-2 py-0.5', toneSoft[tone]),
        className,
      )}
    >
      <Icon
        aria-hidden
        className={cn('size-3.5 shrink-0', icon === 'running' && 'animate-spin [animation-duration:2.4s]')}
      />
      <span className="[overflow-wrap:anywhere]">{label}</span>
    </span>
  )
}

/** A small neutral word: a role, a variant, an alias. */
export function Tag({
  children,
  mono = false,
  tone = 'neutral',
}: {
  children: React.ReactNode
  mono?: boolean
  tone?: Tone
}) {
  return (
    <span
      className={cn(
        'inline-flex items-center rounded px-1.5 py-px text-2xs font-medium',
        toneSoft[tone],
        mono && 'font-mono',
      )}
    >
      {children}
    </span>
  )
}

import type { ActorRef } from '@modelyard/contracts'
import { Bot, Cpu, KeyRound, type LucideIcon, Router, UserRound } from 'lucide-react'
import { useTranslations } from 'next-intl'

const actorIcons: Record<ActorRef['kind'], LucideIcon> = {
  user: UserRound,
  api_key: KeyRound,
  runner: Cpu,
  gateway: Router,
  system: Bot,
}

/** Who did it: a person, a key, a machine or the product itself. */
export function Actor({ actor }: { actor: ActorRef }) {
  const t = useTranslations('client.actor')
  const Icon = actorIcons[actor.kind]
  return (
    <span
      className="inline-flex min-w-0 max-w-full items-center gap-1 align-bottom"
      title={`${t(actor.kind)} · ${actor.id}`}
    >
      <Icon aria-label={t(actor.kind)} className="size-3.5 shrink-0 text-ink-3" />
      <span className="truncate">{actor.label}</span>
    </span>
  )
}

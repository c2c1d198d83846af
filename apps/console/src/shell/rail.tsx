'use client'
import { cn } from '@modelyard/ui'
import {
  Activity,
  Bell,
  Boxes,
  Cpu,
  Database,
  FlaskConical,
  Gauge,
  type LucideIcon,
  MoreHorizontal,
  ScrollText,
  Settings,
} from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type Place, type PlaceKey, placesOf } from './places.ts'

const icons: Record<PlaceKey, LucideIcon> = {
  now: Activity,
  endpoints: Gauge,
  alerts: Bell,
  datasets: Database,
  runs: FlaskConical,
  jobs: Cpu,
  models: Boxes,
  ledger: ScrollText,
  settings: Settings,
}

const groups = ['operate', 'build', 'govern'] as const

function isHere(pathname: string, place: Place): boolean {
  return pathname === place.href || pathname.startsWith(`${place.href}/`)
}

/** The rail: names beside icons where there is room, icons alone on a tablet, gone on a phone. */
export function Rail({ project }: { project: string }) {
  const pathname = usePathname()
  const t = useTranslations('shell')
  const places = placesOf(project)
  return (
    <nav aria-label={t('navigation')} className="flex flex-col gap-4 px-2 py-3 max-md:hidden">
      {groups.map((group) => (
        <div key={group}>
          <p className="px-2 pb-1 font-medium text-2xs text-ink-3 max-lg:sr-only">{t(`group.${group}`)}</p>
          <ul className="flex flex-col gap-0.5">
            {places
              .filter((place) => place.group === group)
              .map((place) => (
                <li key={place.key}>
                  <RailLink place={place} here={isHere(pathname, place)} label={t(`place.${place.key}`)} />
                </li>
              ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}

function RailLink({ place, here, label }: { place: Place; here: boolean; label: string }) {
  const Icon = icons[place.key]
  return (
    <Link
      href={place.href}
      prefetch={false}
      title={label}
      aria-current={here ? 'page' : undefined}
      className={cn(
        'flex min-h-8 items-center gap-2.5 rounded-md px-2 text-sm max-lg:justify-center',
        here ? 'bg-accent-soft font-medium text-accent' : 'text-ink-2 hover:bg-raised hover:text-ink',
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
      <span className="max-lg:sr-only">{label}</span>
    </Link>
  )
}

const phoneKeys: PlaceKey[] = ['now', 'alerts', 'endpoints', 'runs']

/** The phone's tab bar: the four places an on-call person needs, and the rest behind "more". */
export function TabBar({ project }: { project: string }) {
  const pathname = usePathname()
  const t = useTranslations('shell')
  const places = placesOf(project)
  const rest = places.filter((place) => !phoneKeys.includes(place.key))
  return (
    <nav
      aria-label={t('navigation')}
      className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-5 border-line border-t bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {phoneKeys.map((key) => {
        const place = places.find((item) => item.key === key)
        return place && <TabLink key={key} place={place} here={isHere(pathname, place)} label={t(`place.${key}`)} />
      })}
      <details className="group relative" key={pathname}>
        <summary className="flex h-14 flex-col items-center justify-center gap-0.5 text-2xs text-ink-2">
          <MoreHorizontal aria-hidden className="size-5" strokeWidth={1.75} />
          {t('more')}
        </summary>
        <ul className="absolute right-1 bottom-full mb-1 w-52 rounded-lg border border-line bg-surface p-1 shadow-xl">
          {rest.map((place) => (
            <li key={place.key}>
              <Link
                href={place.href}
                prefetch={false}
                aria-current={isHere(pathname, place) ? 'page' : undefined}
                className="flex min-h-11 items-center rounded-md px-3 text-sm aria-[current]:bg-accent-soft aria-[current]:text-accent"
              >
                {t(`place.${place.key}`)}
              </Link>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  )
}

function TabLink({ place, here, label }: { place: Place; here: boolean; label: string }) {
  const Icon = icons[place.key]
  return (
    <Link
      href={place.href}
      prefetch={false}
      aria-current={here ? 'page' : undefined}
      className={cn(
        'flex h-14 flex-col items-center justify-center gap-0.5 text-2xs',
        here ? 'font-medium text-accent' : 'text-ink-2',
      )}
    >
      <Icon aria-hidden className="size-5" strokeWidth={1.75} />
      <span className="max-w-full truncate px-0.5">{label}</span>
    </Link>
  )
}

import { cn } from '@modelyard/ui'
import Link from 'next/link'
import { useTranslations } from 'next-intl'

export const rangeSeconds = { '15m': 900, '1h': 3_600, '6h': 21_600, '24h': 86_400, '7d': 604_800 } as const
export type Range = keyof typeof rangeSeconds
const ranges = Object.keys(rangeSeconds) as Range[]

export function asRange(text: string | undefined): Range {
  return ranges.find((range) => range === text) ?? '15m'
}

/** How far back the charts look; it is in the address, because it changes what they say. */
export function RangePicker({ path, range }: { path: string; range: Range }) {
  const t = useTranslations('client.range')
  return (
    <nav aria-label={t('label')} className="flex rounded-md border border-line p-0.5">
      {ranges.map((item) => (
        <Link
          key={item}
          href={`${path}?t=${item}`}
          prefetch={false}
          scroll={false}
          aria-current={item === range ? 'true' : undefined}
          className={cn(
            'num inline-flex min-h-6 items-center rounded px-2 text-xs max-md:min-h-9',
            item === range ? 'bg-accent-soft font-medium text-accent' : 'text-ink-2 hover:text-ink',
          )}
        >
          {t(item)}
        </Link>
      ))}
    </nav>
  )
}

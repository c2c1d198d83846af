import type { ModelVersionSummary } from '@modelyard/contracts'
import { Tag } from '@modelyard/ui/status-pill'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'

/** Where a version serves now, in words. */
export function LiveOn({ liveOn }: { liveOn: z.infer<typeof ModelVersionSummary>['liveOn'] }) {
  const t = useTranslations('client.role')
  if (liveOn.length === 0) return <span className="text-ink-3">–</span>
  return (
    <span className="flex flex-wrap gap-1">
      {liveOn.map((place) => (
        <Tag key={`${place.endpointId}:${place.variant}`} tone={place.role === 'stable' ? 'ok' : 'active'}>
          <span className="whitespace-nowrap">
            {place.endpoint} r{place.variant} · {t(place.role)}
          </span>
        </Tag>
      ))}
    </span>
  )
}

'use client'
import { toast } from '@modelyard/ui/toast'
import { X } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { api } from '../../live/client.ts'

type Props = { project: string; runId: string; tags: Record<string, string>; mayWrite: boolean }

/** What MLflow's clients note for themselves comes last: people look for their own. */
const isOwn = (key: string) => !key.startsWith('mlflow.')

export function RunTags({ project, runId, tags, mayWrite }: Props) {
  const t = useTranslations('client.run')
  const router = useRouter()
  const entries = Object.entries(tags).toSorted(([a], [b]) => Number(isOwn(b)) - Number(isOwn(a)) || a.localeCompare(b))
  if (entries.length === 0) return <p className="text-ink-3 text-sm">{t('noTags')}</p>
  const remove = async (key: string) => {
    try {
      await api.run.untag.mutate({ project, runId, key })
      toast(t('untagged', { key }))
      router.refresh()
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <dl className="flex flex-col">
      {entries.map(([key, value]) => (
        <div key={key} className="flex min-h-8 min-w-0 items-center gap-2">
          <dt className="mono max-w-[45%] shrink-0 truncate text-ink-3 text-xs" title={key}>
            {key}
          </dt>
          <dd className="flex min-w-0 flex-1 items-center gap-2 text-sm">
            <span className="line-clamp-3 min-w-0 [overflow-wrap:anywhere]">{value || '–'}</span>
            {mayWrite && isOwn(key) && (
              <button
                type="button"
                className="ml-auto grid size-6 shrink-0 place-items-center rounded text-ink-3 hover:bg-raised hover:text-ink"
                aria-label={t('removeTag', { key })}
                onClick={() => void remove(key)}
              >
                <X aria-hidden className="size-3.5" />
              </button>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

import type { LedgerEntry } from '@modelyard/contracts'
import type { Tone } from '@modelyard/ui'
import { Timeline } from '@modelyard/ui/timeline'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { Actor } from '../actor.tsx'
import { textLink } from '../facts.tsx'
import { Clock } from '../when.tsx'

function toneOf(action: string): Tone {
  if (/roll(?:ed)?_?back|failed|reject|firing|opened/.test(action)) return 'crit'
  if (/promot|approved|resolved|succeeded/.test(action)) return 'ok'
  return /pause|cancel|ack/.test(action) ? 'warn' : 'active'
}

/** The newest entries of the ledger; each leads to what it is about. */
export function Changes({ project, entries }: { project: string; entries: LedgerEntry[] }) {
  const t = useTranslations('now')
  // Every upload is in the ledger; what it was for is told by the entry after it.
  const told = entries.filter((entry) => entry.targetKind !== 'blob')
  if (told.length === 0) return <p className="text-ink-3 text-sm">{t('noChanges')}</p>
  return (
    <>
      <Timeline
        label={t('changes')}
        items={told.slice(0, 14).map((entry) => ({
          key: String(entry.seq),
          at: <Clock at={entry.at} />,
          tone: toneOf(entry.action),
          title: (
            <Link
              href={links.go(project, entry.targetId)}
              prefetch={false}
              className="font-normal hover:text-accent hover:underline"
            >
              {entry.summary}
            </Link>
          ),
          body: <Actor actor={entry.actor} />,
        }))}
      />
      <Link href={links.ledger(project)} prefetch={false} className={`${textLink} mt-3 inline-block text-xs`}>
        {t('allChanges')}
      </Link>
    </>
  )
}

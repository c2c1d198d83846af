import { buttonClass } from '@modelyard/ui/button'
import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import { ErrorCard } from '@modelyard/ui/states'
import { StatusPill } from '@modelyard/ui/status-pill'
import type { Metadata } from 'next'
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import { getFormat } from '../../../format/server.ts'
import { links } from '../../../links.ts'
import { LiveRefresh } from '../../../live/refresh.tsx'
import { LedgerTable } from '../../../parts/ledger/ledger-table.tsx'
import { getProject, orNotFound, requireApi } from '../../../server/api.ts'

type Props = { params: Promise<{ project: string }>; searchParams: Promise<{ cursor?: string; target?: string }> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('place.ledger') }
}

/** The whole story, and whether anybody tampered with it. */
export default async function LedgerPage({ params, searchParams }: Props) {
  const { project } = await params
  const { cursor, target } = await searchParams
  await getProject(project)
  const api = await requireApi()
  const [page, chain] = await Promise.all([
    orNotFound(api.ledger.list({ project, limit: 100, cursor, targetId: target })),
    api.ledger.verify({ project }),
  ])
  const [t, format] = await Promise.all([getTranslations(), getFormat()])
  return (
    <>
      <PageHeader
        title={t('shell.place.ledger')}
        status={
          <StatusPill
            tone={chain.verified ? 'ok' : 'crit'}
            label={chain.verified ? t('ledger.verified', { count: chain.entries }) : t('ledger.broken')}
          />
        }
        lead={t('ledger.lead', { at: format.clock(chain.checkedAt) })}
      />
      {chain.firstBadSeq !== null && (
        <div className="mb-4">
          <ErrorCard title={t('ledger.broken')} body={t('ledger.brokenBody', { seq: chain.firstBadSeq })} />
        </div>
      )}
      <Card flush>
        <LedgerTable project={project} rows={page.items} />
      </Card>
      <nav aria-label={t('ledger.pages')} className="mt-3 flex justify-end gap-2">
        {(cursor !== undefined || target !== undefined) && (
          <Link href={links.ledger(project)} prefetch={false} className={buttonClass()}>
            {t('ledger.newest')}
          </Link>
        )}
        {page.nextCursor !== null && (
          <Link
            href={`${links.ledger(project)}?cursor=${encodeURIComponent(page.nextCursor)}`}
            prefetch={false}
            className={buttonClass()}
          >
            {t('ledger.older')}
          </Link>
        )}
      </nav>
      <LiveRefresh nouns={['ledger', 'rollout', 'endpoint', 'alert', 'model_version', 'job']} />
    </>
  )
}

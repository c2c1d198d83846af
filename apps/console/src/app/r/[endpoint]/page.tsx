import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { links } from '../../../links.ts'
import { AfterRollback } from '../../../parts/rollback/after-rollback.tsx'
import { ConfirmRollback } from '../../../parts/rollback/confirm-rollback.tsx'
import { RollbackChoices } from '../../../parts/rollback/rollback-choices.tsx'
import { RollbackFault } from '../../../parts/rollback/rollback-fault.tsx'
import { RollbackHead } from '../../../parts/rollback/rollback-head.tsx'
import { findEndpoint } from '../../../server/endpoint.ts'
import { PlainFrame } from '../../../shell/plain-frame.tsx'

type Props = {
  params: Promise<{ endpoint: string }>
  searchParams: Promise<{ to?: string; alert?: string; done?: string; undone?: string; fault?: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { endpoint } = await findEndpoint((await params).endpoint)
  return { title: (await getTranslations('rollback'))('title', { endpoint: endpoint.name }) }
}

/** The rollback sheet: two taps, 390 px, no script. Looking at it changes nothing, however it is fetched. */
export default async function RollbackPage({ params, searchParams }: Props) {
  const { endpoint: endpointId } = await params
  const search = await searchParams
  const { project, endpoint } = await findEndpoint(endpointId)
  const alert = /^alt_[0-9a-z]{26}$/.test(search.alert ?? '') ? search.alert : undefined
  const target = endpoint.variants.find((variant) => variant.id === search.to)
  const done = /^\d{1,15}$/.test(search.done ?? '') ? Number(search.done) : null
  return (
    <PlainFrame path={links.rollback(endpoint.id, alert)} home={links.endpoint(project.slug, endpoint.name)}>
      <RollbackHead endpoint={endpoint} />
      <RollbackFault fault={search.fault} />
      {done !== null ? (
        <AfterRollback
          project={project}
          endpoint={endpoint}
          generation={done}
          undone={search.undone === '1'}
          alertId={alert}
        />
      ) : target !== undefined ? (
        <ConfirmRollback project={project} endpoint={endpoint} target={target} alertId={alert} />
      ) : (
        <RollbackChoices project={project} endpoint={endpoint} alertId={alert} />
      )}
    </PlainFrame>
  )
}

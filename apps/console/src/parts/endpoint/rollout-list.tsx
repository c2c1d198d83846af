import { type Endpoint, RolloutState } from '@modelyard/contracts'
import { Table, Td, Th } from '@modelyard/ui/table'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { textLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { When } from '../when.tsx'

export function RolloutList({ project, endpoint }: { project: string; endpoint: Endpoint }) {
  const t = useTranslations('client.endpoint')
  if (endpoint.rollouts.length === 0) return <p className="px-4 py-3 text-ink-3 text-sm">{t('noRollouts')}</p>
  return (
    <Table
      caption={t('rollouts')}
      head={
        <>
          <Th>{t('rollout')}</Th>
          <Th>{t('state')}</Th>
          <Th>{t('started')}</Th>
        </>
      }
    >
      {endpoint.rollouts.map((rollout) => {
        const state = RolloutState.safeParse(rollout.state)
        return (
          <tr key={rollout.id}>
            <Td>
              <Link href={links.rollout(project, endpoint.name, rollout.id)} prefetch={false} className={textLink}>
                #{rollout.number}
              </Link>
            </Td>
            <Td>{state.success ? <StatePill noun="rollout" state={state.data} quiet /> : rollout.state}</Td>
            <Td>
              <When at={rollout.startedAt} />
            </Td>
          </tr>
        )
      })}
    </Table>
  )
}

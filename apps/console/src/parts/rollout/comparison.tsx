import type { Rollout } from '@modelyard/contracts'
import { Table, Td, Th } from '@modelyard/ui/table'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { textLink } from '../facts.tsx'
import { When } from '../when.tsx'

/** What differs between the two arms. */
export function Comparison({ project, rollout }: { project: string; rollout: Rollout }) {
  const t = useTranslations('client.rollout')
  const role = useTranslations('client.role')
  const format = useFormat()
  const arms = [rollout.from, rollout.to]
  return (
    <Table
      caption={t('compare')}
      head={
        <>
          <Th>
            <span className="sr-only">{t('arm')}</span>
          </Th>
          {arms.map((arm) => (
            <Th key={arm.id}>r{arm.number}</Th>
          ))}
        </>
      }
    >
      <tr>
        <Td className="text-ink-3">{t('version')}</Td>
        {arms.map((arm) => (
          <Td key={arm.id}>
            <Link href={links.model(project, arm.model, arm.modelVersion)} prefetch={false} className={textLink}>
              {arm.model} v{arm.modelVersion}
            </Link>
          </Td>
        ))}
      </tr>
      <tr>
        <Td className="text-ink-3">{t('roleNow')}</Td>
        {arms.map((arm) => (
          <Td key={arm.id}>{role(arm.role)}</Td>
        ))}
      </tr>
      <tr>
        <Td className="text-ink-3">{t('shareNow')}</Td>
        {arms.map((arm) => (
          <Td key={arm.id} className="num">
            {format.bps(arm.weightBps)}
          </Td>
        ))}
      </tr>
      <tr>
        <Td className="text-ink-3">{t('deployed')}</Td>
        {arms.map((arm) => (
          <Td key={arm.id}>
            <When at={arm.createdAt} />
          </Td>
        ))}
      </tr>
    </Table>
  )
}

import type { Member, Project } from '@modelyard/contracts'
import { KeyValue } from '@modelyard/ui/key-value'
import { Tag } from '@modelyard/ui/status-pill'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { useFormat } from '../../format/use-format.ts'
import { Id } from '../facts.tsx'

/** Who may do what here. */
export function Members({ members, viewerId }: { members: z.infer<typeof Member>[]; viewerId: string }) {
  const t = useTranslations('client.settings')
  return (
    <Table
      caption={t('members')}
      head={
        <>
          <Th>{t('name')}</Th>
          <Th>{t('email')}</Th>
          <Th>{t('role')}</Th>
        </>
      }
    >
      {members.map((member) => (
        <tr key={member.userId}>
          <Td>
            {member.name} {member.userId === viewerId && <Tag tone="active">{t('you')}</Tag>}
          </Td>
          <Td className="text-ink-2 [overflow-wrap:anywhere]">{member.email}</Td>
          <Td>
            <Tag>{member.role}</Tag>
          </Td>
        </tr>
      ))}
    </Table>
  )
}

export function ProjectFacts({ project }: { project: Project }) {
  const t = useTranslations('client.settings')
  const format = useFormat()
  return (
    <KeyValue
      pairs={[
        { label: t('name'), value: project.name },
        { label: t('slug'), value: project.slug, mono: true },
        { label: t('task'), value: t(`taskName.${project.task}`) },
        {
          label: t('kpis'),
          value:
            project.kpis.length === 0 ? (
              '–'
            ) : (
              <ul>
                {project.kpis.map((kpi) => (
                  <li key={kpi.metric} className="num">
                    {t(`kpi.${kpi.metric}`)} {kpi.op === '>=' ? '≥' : '≤'} {format.metric(kpi.target)}
                  </li>
                ))}
              </ul>
            ),
        },
        { label: 'ID', value: <Id id={project.id} /> },
        { label: t('created'), value: format.full(project.createdAt) },
      ]}
    />
  )
}

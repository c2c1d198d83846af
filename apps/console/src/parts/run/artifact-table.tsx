import type { Artifact } from '@modelyard/contracts'
import { Tag } from '@modelyard/ui/status-pill'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { useFormat } from '../../format/use-format.ts'
import { Hash } from '../facts.tsx'

/** Files the run left, each known by its hash. */
export function ArtifactTable({ artifacts }: { artifacts: z.infer<typeof Artifact>[] }) {
  const t = useTranslations('client.run')
  const format = useFormat()
  if (artifacts.length === 0) return <p className="px-4 py-3 text-ink-3 text-sm">{t('noArtifacts')}</p>
  return (
    <Table
      caption={t('artifacts')}
      head={
        <>
          <Th>{t('path')}</Th>
          <Th>{t('kind')}</Th>
          <Th numeric>{t('size')}</Th>
          <Th className="max-md:hidden">SHA-256</Th>
        </>
      }
    >
      {artifacts.map((artifact) => (
        <tr key={artifact.id}>
          <Td className="mono [overflow-wrap:anywhere]">{artifact.path}</Td>
          <Td>
            <Tag>{artifact.kind}</Tag>
          </Td>
          <Td numeric>{format.bytes(artifact.sizeBytes)}</Td>
          <Td className="max-md:hidden">
            <Hash value={artifact.sha256} />
          </Td>
        </tr>
      ))}
    </Table>
  )
}

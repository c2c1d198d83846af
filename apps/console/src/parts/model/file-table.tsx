import type { ModelVersion } from '@modelyard/contracts'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { Hash } from '../facts.tsx'

/** The files of a version as they were when it was registered. */
export function FileTable({ files }: { files: ModelVersion['files'] }) {
  const t = useTranslations('client.model')
  const format = useFormat()
  return (
    <Table
      caption={t('files')}
      head={
        <>
          <Th>{t('path')}</Th>
          <Th numeric>{t('size')}</Th>
          <Th className="max-md:hidden">{t('type')}</Th>
          <Th className="max-sm:hidden">SHA-256</Th>
        </>
      }
    >
      {files.map((file) => (
        <tr key={file.path} data-row>
          <Td className="mono [overflow-wrap:anywhere]">{file.path}</Td>
          <Td numeric>{format.bytes(file.sizeBytes)}</Td>
          <Td className="text-ink-2 max-md:hidden">{file.mediaType}</Td>
          <Td className="max-sm:hidden">
            <Hash value={file.sha256} />
          </Td>
        </tr>
      ))}
    </Table>
  )
}

import type { ModelVersion } from '@modelyard/contracts'
import { buttonClass } from '@modelyard/ui/button'
import { Table, Td, Th } from '@modelyard/ui/table'
import { Download } from 'lucide-react'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { Hash, textLink } from '../facts.tsx'

type Props = {
  files: ModelVersion['files']
  /** Address of the version's files; what is shown or fetched is named in its query. */
  page: string
  open: string | null
}

/** The files of a version as they were when it was registered. */
export function FileTable({ files, page, open }: Props) {
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
          <Th className="max-md:hidden">SHA-256</Th>
          <Th>
            <span className="sr-only">{t('download')}</span>
          </Th>
        </>
      }
    >
      {files.map((file) => (
        <tr key={file.path} data-row>
          <Td className="mono min-w-32 [overflow-wrap:anywhere]">
            <Link
              href={`${page}?file=${encodeURIComponent(file.path)}`}
              prefetch={false}
              scroll={false}
              aria-current={file.path === open ? 'true' : undefined}
              className={textLink}
            >
              {file.path}
            </Link>
          </Td>
          <Td numeric>{format.bytes(file.sizeBytes)}</Td>
          <Td className="text-ink-2 max-md:hidden">{file.mediaType}</Td>
          <Td className="max-md:hidden">
            <Hash value={file.sha256} />
          </Td>
          <Td className="w-px">
            <a
              href={`${page}/raw?path=${encodeURIComponent(file.path)}`}
              download
              aria-label={t('downloadOf', { path: file.path })}
              title={t('downloadOf', { path: file.path })}
              className={buttonClass({ variant: 'ghost', size: 'icon' })}
            >
              <Download aria-hidden />
            </a>
          </Td>
        </tr>
      ))}
    </Table>
  )
}

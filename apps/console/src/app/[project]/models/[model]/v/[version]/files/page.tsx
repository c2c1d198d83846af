import { Card } from '@modelyard/ui/card'
import { EmptyState } from '@modelyard/ui/states'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { FileTable } from '../../../../../../../parts/model/file-table.tsx'
import { getVersion, modelOf } from '../../../../../../../server/model.ts'

type Props = { params: Promise<{ project: string; model: string; version: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { model, version } = await params
  return { title: `${modelOf(model)} v${version} · ${(await getTranslations('client.model'))('files')}` }
}

/** Which bytes is it? */
export default async function VersionFilesPage({ params }: Props) {
  const { project, model, version } = await params
  const data = await getVersion(project, model, version)
  const t = await getTranslations('client.model')
  return (
    <Card title={t('files')} hint={t('filesHint')} flush>
      {data.files.length === 0 ? (
        <EmptyState title={t('noFiles.title')} body={t('noFiles.body')} />
      ) : (
        <FileTable files={data.files} />
      )}
    </Card>
  )
}

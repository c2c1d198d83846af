import { Card } from '@modelyard/ui/card'
import { EmptyState } from '@modelyard/ui/states'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { links } from '../../../../../../../links.ts'
import { FilePreview } from '../../../../../../../parts/model/file-preview.tsx'
import { FileTable } from '../../../../../../../parts/model/file-table.tsx'
import { orNotFound, requireApi } from '../../../../../../../server/api.ts'
import { getVersion, modelOf } from '../../../../../../../server/model.ts'

type Props = {
  params: Promise<{ project: string; model: string; version: string }>
  searchParams: Promise<{ file?: string | string[] }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { model, version } = await params
  return { title: `${modelOf(model)} v${version} · ${(await getTranslations('client.model'))('files')}` }
}

/** Which bytes is it? */
export default async function VersionFilesPage({ params, searchParams }: Props) {
  const { project, model, version } = await params
  const data = await getVersion(project, model, version)
  const { file } = await searchParams
  const path = typeof file === 'string' ? file : null
  const api = await requireApi()
  const preview =
    path === null ? null : await orNotFound(api.modelFiles.preview({ project, modelVersionId: data.id, path }))
  const t = await getTranslations('client.model')
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Card title={t('files')} hint={t('filesHint')} flush>
        {data.files.length === 0 ? (
          <EmptyState title={t('noFiles.title')} body={t('noFiles.body')} />
        ) : (
          <FileTable files={data.files} page={`${links.model(project, data.model, data.version)}/files`} open={path} />
        )}
      </Card>
      {preview !== null && <FilePreview file={preview} />}
    </div>
  )
}

import { can } from '@modelyard/domain'
import { Card } from '@modelyard/ui/card'
import { PageHeader } from '@modelyard/ui/page-header'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LiveRefresh } from '../../../../live/refresh.tsx'
import { AliasList } from '../../../../parts/model/alias-list.tsx'
import { ModelActions } from '../../../../parts/model/model-actions.tsx'
import { TagList } from '../../../../parts/model/tag-list.tsx'
import { VersionTable } from '../../../../parts/model/version-table.tsx'
import { getProject, orNotFound, requireApi } from '../../../../server/api.ts'
import { modelOf } from '../../../../server/model.ts'

type Props = { params: Promise<{ project: string; model: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { model } = await params
  return { title: `${modelOf(model)} · ${(await getTranslations('shell'))('place.models')}` }
}

/** Which versions of it are there, which do its aliases point at, which serves? */
export default async function ModelPage({ params }: Props) {
  const { project, model } = await params
  const { role } = await getProject(project)
  const api = await requireApi()
  const name = modelOf(model)
  const data = await orNotFound(api.models.about({ project, model: name }))
  const versions = await api.models.versions({ project, model: name })
  const t = await getTranslations()
  const mayWrite = can(role, 'model.register')
  return (
    <>
      <PageHeader
        title={data.name}
        lead={
          <span className="block max-w-[80ch] whitespace-pre-line">
            {data.description === '' ? t('client.model.noDescription') : data.description}
          </span>
        }
        actions={
          <ModelActions
            project={project}
            model={data}
            dependents={versions.flatMap((version) => version.liveOn)}
            mayWrite={mayWrite}
            mayDelete={can(role, 'model.approve')}
          />
        }
      />
      <div className="grid items-start gap-4 2xl:grid-cols-[minmax(0,1fr)_20rem]">
        <Card title={t('client.model.versions')} hint={t('client.model.versionsHint')} flush>
          <VersionTable project={project} model={name} rows={versions} />
        </Card>
        <div className="grid min-w-0 gap-4 md:max-2xl:grid-cols-2">
          <Card title={t('client.model.aliases')}>
            <AliasList
              project={project}
              model={name}
              aliases={data.aliases}
              versions={versions.map(({ version }) => version)}
              mayWrite={mayWrite}
            />
          </Card>
          <Card title={t('client.model.tags')}>
            <TagList project={project} model={name} tags={data.tags} mayWrite={mayWrite} />
          </Card>
        </div>
      </div>
      <LiveRefresh nouns={['model', 'model_version', 'approval', 'endpoint']} />
    </>
  )
}

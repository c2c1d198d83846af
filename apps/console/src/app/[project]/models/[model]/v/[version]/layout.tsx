import type { ReactNode } from 'react'
import { LiveRefresh } from '../../../../../../live/refresh.tsx'
import { VersionHead } from '../../../../../../parts/model/version-head.tsx'
import { VersionTabs } from '../../../../../../parts/model/version-tabs.tsx'
import { getProject, getViewer } from '../../../../../../server/api.ts'
import { getVersion } from '../../../../../../server/model.ts'

type Props = { params: Promise<{ project: string; model: string; version: string }>; children: ReactNode }

/** The frame of a version's pages: what is it, is it good, where does it run, may it ship? */
export default async function VersionLayout({ params, children }: Props) {
  const { project, model, version } = await params
  const { role } = await getProject(project)
  const { id: viewerId } = await getViewer()
  const data = await getVersion(project, model, version)
  return (
    <>
      <VersionHead project={project} role={role} viewerId={viewerId} data={data} />
      <VersionTabs project={project} model={data.model} version={data.version} />
      {children}
      <LiveRefresh nouns={['model', 'model_version', 'approval', 'endpoint']} />
    </>
  )
}

import type { LineageGraph as Graph } from '@modelyard/contracts'
import { Card } from '@modelyard/ui/card'
import { useTranslations } from 'next-intl'
import { layOut } from './layout.ts'
import { LineageGraph } from './lineage-graph.tsx'
import { LineageTable } from './lineage-table.tsx'

/** The lineage of one thing, as a picture and as a table. */
export function LineageCards({ project, graph }: { project: string; graph: Graph }) {
  const t = useTranslations('lineage')
  const wide = layOut(graph, 'LR')
  const of = { project, focus: graph.focus }
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <Card title={t('title')} hint={graph.truncated ? t('truncated') : t('hint')} flush>
        <LineageGraph {...of} placed={wide} direction="LR" className="max-md:hidden" />
        <LineageGraph {...of} placed={layOut(graph, 'TB')} direction="TB" className="md:hidden" />
      </Card>
      <Card title={t('table')} flush>
        <LineageTable project={project} graph={{ ...graph, nodes: wide.nodes }} />
      </Card>
    </div>
  )
}

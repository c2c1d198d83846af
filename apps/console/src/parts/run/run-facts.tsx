import type { Run } from '@modelyard/contracts'
import { KeyValue } from '@modelyard/ui/key-value'
import { useTranslations } from 'next-intl'
import { Actor } from '../actor.tsx'
import { Hash, Id, IdLink } from '../facts.tsx'
import { When } from '../when.tsx'

/** What the run came from and what came of it. */
export function RunFacts({ project, run }: { project: string; run: Run }) {
  const t = useTranslations('client.run')
  const link = (id: string | null) => (id === null ? '–' : <IdLink project={project} id={id} />)
  return (
    <KeyValue
      pairs={[
        { label: t('dataset'), value: link(run.datasetVersionId) },
        { label: t('job'), value: link(run.jobId) },
        { label: t('model'), value: link(run.modelVersionId) },
        { label: t('code'), value: run.codeCommit === '' ? '–' : <Hash value={run.codeCommit} /> },
        { label: t('seed'), value: run.seed === null ? '–' : String(run.seed), mono: true },
        { label: 'ID', value: <Id id={run.id} /> },
        {
          label: t('created'),
          value: (
            <>
              <When at={run.createdAt} /> · <Actor actor={run.createdBy} />
            </>
          ),
        },
      ]}
    />
  )
}

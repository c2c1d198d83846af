import type { Job } from '@modelyard/contracts'
import { KeyValue } from '@modelyard/ui/key-value'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { Actor } from '../actor.tsx'
import { Id, IdLink, Tags } from '../facts.tsx'
import { When } from '../when.tsx'

export function JobFacts({ project, job }: { project: string; job: Job }) {
  const t = useTranslations('client.job')
  const format = useFormat()
  return (
    <KeyValue
      pairs={[
        { label: t('run'), value: <IdLink project={project} id={job.runId} /> },
        { label: t('dataset'), value: <IdLink project={project} id={job.datasetVersionId} /> },
        {
          label: t('model'),
          value: job.modelVersionId === null ? job.model : <IdLink project={project} id={job.modelVersionId} />,
        },
        { label: t('seed'), value: String(job.seed), mono: true },
        { label: t('gpus'), value: <span className="num">{format.number(job.gpus)}</span> },
        { label: t('labels'), value: job.labels.length === 0 ? '–' : <Tags names={job.labels} /> },
        { label: t('priority'), value: <span className="num">{job.priority}</span> },
        { label: 'ID', value: <Id id={job.id} /> },
        {
          label: t('created'),
          value: (
            <>
              <When at={job.createdAt} /> · <Actor actor={job.createdBy} />
            </>
          ),
        },
      ]}
    />
  )
}

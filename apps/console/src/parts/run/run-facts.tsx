import type { RunPage } from '@modelyard/contracts'
import { KeyValue } from '@modelyard/ui/key-value'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { Actor } from '../actor.tsx'
import { Hash, Id, IdLink, textLink } from '../facts.tsx'
import { StatePill } from '../state-pill.tsx'
import { When } from '../when.tsx'

type Props = { project: string; run: RunPage }

/** What the run came from and what came of it. */
export function RunFacts({ project, run }: Props) {
  const t = useTranslations('client.run')
  return (
    <KeyValue
      pairs={[
        { label: t('dataset'), value: <Datasets project={project} run={run} /> },
        { label: t('job'), value: run.jobId === null ? '–' : <IdLink project={project} id={run.jobId} /> },
        {
          label: t('model'),
          value:
            run.modelVersionIds.length === 0
              ? '–'
              : run.modelVersionIds.map((id) => (
                  <span key={id} className="mr-2">
                    <IdLink project={project} id={id} />
                  </span>
                )),
        },
        { label: t('code'), value: run.codeCommit === '' ? '–' : <Hash value={run.codeCommit} /> },
        { label: t('seed'), value: run.seed === null ? '–' : String(run.seed), mono: true },
        { label: 'ID', value: <Id id={run.id} /> },
        ...(run.user === '' ? [] : [{ label: t('user'), value: run.user }]),
        ...(run.parent === null ? [] : [{ label: t('parent'), value: <RunLink project={project} run={run.parent} /> }]),
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

function Datasets({ project, run }: Props) {
  if (run.datasets.length === 0) return '–'
  return (
    <ul>
      {run.datasets.map(({ name, digest, context, datasetVersionId }) => {
        const label = name === '' ? undefined : `${name}@${digest}`
        return (
          <li key={`${name} ${digest} ${datasetVersionId} ${context}`}>
            {datasetVersionId === null ? label : <IdLink project={project} id={datasetVersionId} label={label} />}
            {context !== '' && <span className="text-ink-3"> · {context}</span>}
          </li>
        )
      })}
    </ul>
  )
}

type Named = NonNullable<RunPage['parent']>

function RunLink({ project, run }: { project: string; run: Named }) {
  return (
    <Link href={links.run(project, run.id)} prefetch={false} className={`${textLink} inline-block min-h-6 leading-6`}>
      {run.name}
    </Link>
  )
}

/** Runs that were begun within this one: trials of a search, folds, steps. */
export function NestedRuns({ project, runs }: { project: string; runs: Named[] }) {
  return (
    <ul className="flex flex-col">
      {runs.map((run) => (
        <li key={run.id} className="flex min-w-0 items-center justify-between gap-3">
          <span className="min-w-0 truncate">
            <RunLink project={project} run={run} />
          </span>
          <StatePill noun="run" state={run.status} quiet />
        </li>
      ))}
    </ul>
  )
}

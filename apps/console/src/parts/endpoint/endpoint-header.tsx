import type { Endpoint } from '@modelyard/contracts'
import { cn } from '@modelyard/ui'
import { buttonClass } from '@modelyard/ui/button'
import { NavTabs, tabClass } from '@modelyard/ui/nav-tabs'
import { PageHeader } from '@modelyard/ui/page-header'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import type { Deployable } from '../../server/deployable.ts'
import { StatePill } from '../state-pill.tsx'
import { StartRollout } from './start-rollout.tsx'

type Props = {
  project: string
  endpoint: Endpoint
  versions: Deployable[]
  mayDeploy: boolean
  tab: 'overview' | 'drift'
}

/** Name, health, the way back and the way forward; tabs below. */
export function EndpointHeader({ project, endpoint, versions, mayDeploy, tab }: Props) {
  const t = useTranslations('client.endpoint')
  const model = useTranslations('client.model')
  const back = endpoint.rollbackTo
  return (
    <>
      <PageHeader
        title={endpoint.name}
        status={<StatePill noun="health" state={endpoint.health} />}
        actions={
          <>
            {back !== null && (
              <a
                href={links.rollback(endpoint.id)}
                data-key="Shift+R"
                className={cn(buttonClass({ variant: 'dangerQuiet' }))}
              >
                {t('rollBackTo', { variant: back.number })}
              </a>
            )}
            <StartRollout project={project} endpoint={endpoint} versions={versions} allowed={mayDeploy} />
          </>
        }
      />
      <NavTabs label={t('tabs')}>
        <Link
          href={links.endpoint(project, endpoint.name)}
          prefetch={false}
          aria-current={tab === 'overview' ? 'page' : undefined}
          className={tabClass(tab === 'overview')}
        >
          {t('tab.overview')}
        </Link>
        <Link
          href={links.drift(project, endpoint.name)}
          prefetch={false}
          aria-current={tab === 'drift' ? 'page' : undefined}
          className={tabClass(tab === 'drift')}
        >
          {t('tab.drift')}
          {endpoint.driftedFeatures !== null && endpoint.driftedFeatures > 0 && (
            <span className="num ml-1.5 rounded bg-warn-soft px-1 text-2xs text-warn">{endpoint.driftedFeatures}</span>
          )}
        </Link>
        <Link href={links.lineage(project, endpoint.id)} prefetch={false} className={tabClass(false)}>
          {model('lineage')}
        </Link>
      </NavTabs>
    </>
  )
}

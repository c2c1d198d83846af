import type { Board } from '@modelyard/contracts'
import { Card } from '@modelyard/ui/card'
import { StatusPill } from '@modelyard/ui/status-pill'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { textLink } from '../facts.tsx'

/** The way from an empty project to a served model. */
export function FirstSteps({ project, board }: { project: string; board: Board }) {
  const t = useTranslations('now')
  const steps = [
    { key: 'runner', href: links.jobs(project), done: board.runners.online > 0 },
    {
      key: 'dataset',
      href: links.datasets(project),
      done: board.changes.some((entry) => entry.targetKind.startsWith('dataset')),
    },
    {
      key: 'run',
      href: links.runs(project),
      done: board.changes.some((entry) => entry.targetKind === 'run' || entry.targetKind === 'job'),
    },
    {
      key: 'model',
      href: links.models(project),
      done: board.changes.some((entry) => entry.targetKind === 'model_version'),
    },
    { key: 'endpoint', href: links.endpoints(project), done: false },
  ] as const
  return (
    <Card title={t('firstSteps')} hint={t('firstStepsHint')}>
      <ol className="flex flex-col gap-3">
        {steps.map((step) => (
          <li key={step.key} className="flex items-start gap-3">
            <StatusPill
              tone={step.done ? 'ok' : 'neutral'}
              icon={step.done ? 'ok' : 'waiting'}
              label={t(step.done ? 'done' : 'todo')}
              quiet
              className="w-20"
            />
            <div>
              <Link href={step.href} prefetch={false} className={textLink}>
                {t(`step.${step.key}.title`)}
              </Link>
              <p className="text-ink-2 text-xs">{t(`step.${step.key}.body`)}</p>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  )
}

import type { CardSection, ModelCard as Data } from '@modelyard/contracts'
import { Card } from '@modelyard/ui/card'
import { KeyValue } from '@modelyard/ui/key-value'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { Actor } from '../actor.tsx'
import { Hash, textLink } from '../facts.tsx'
import { GateTable } from '../gate-table.tsx'
import { ApprovalList } from '../model/approval-list.tsx'
import { Evaluations } from '../model/evaluations.tsx'
import { Lineage, Signature } from '../model/model-facts.tsx'
import { When } from '../when.tsx'
import { EditSection } from './edit-section.tsx'
import { Limits } from './limits.tsx'

type Props = { project: string; card: Data; mayWrite: boolean }

/** The card in the order of a reader's questions: what, for what, on what, how good, how far to be trusted. */
export function ModelCard({ project, card, mayWrite }: Props) {
  const t = useTranslations('modelCard')
  const words = useTranslations('client.model')
  const { version } = card
  const section = (name: CardSection) => <Section project={project} card={card} name={name} mayWrite={mayWrite} />
  return (
    <article className="flex min-w-0 max-w-5xl flex-col gap-4">
      <div className="grid gap-4 md:grid-cols-2">
        <Card title={t('about')}>
          <About card={card} />
        </Card>
        {section('summary')}
      </div>
      <div className="grid gap-4 md:grid-cols-2">
        {section('intendedUse')}
        {section('outOfScope')}
      </div>
      <Card title={t('trainingData')}>
        <TrainingData project={project} data={card.trainingData} />
      </Card>
      <Evaluations reports={version.evaluations} />
      <Card title={words('gates')} flush>
        <GateTable gates={version.gates} caption={words('gates')} />
      </Card>
      <Card title={t('limits')} hint={t('limitsHint')}>
        <Limits limits={card.limits} />
      </Card>
      {section('limitations')}
      {section('ethics')}
      <div className="grid gap-4 md:grid-cols-2">
        <Card title={words('lineage')}>
          <Lineage project={project} data={version} />
        </Card>
        <Card title={words('approvals')}>
          <ApprovalList approvals={version.approvals} />
        </Card>
      </div>
      <Card title={words('signature')} flush>
        <Signature data={version} />
      </Card>
      {section('contact')}
    </article>
  )
}

function Section({ project, card, name, mayWrite }: Props & { name: CardSection }) {
  const t = useTranslations('client.modelCard')
  const text = card.sections[name]
  return (
    <Card
      title={t(`section.${name}`)}
      actions={
        mayWrite && (
          <EditSection
            project={project}
            modelVersionId={card.version.id}
            section={name}
            text={text}
            revision={card.revision}
          />
        )
      }
    >
      {text === '' ? (
        <p className="text-ink-3 text-sm">{t('unwritten')}</p>
      ) : (
        <p className="max-w-[75ch] whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">{text}</p>
      )}
    </Card>
  )
}

function About({ card }: { card: Data }) {
  const t = useTranslations('client.model')
  const format = useFormat()
  const { version } = card
  return (
    <KeyValue
      pairs={[
        { label: t('model'), value: `${version.model} v${version.version}` },
        { label: t('formatName'), value: t(`format.${version.format}`) },
        { label: t('size'), value: <span className="num">{format.bytes(version.sizeBytes)}</span> },
        { label: 'SHA-256', value: <Hash value={version.sha256} /> },
        { label: t('classes'), value: version.classes.join(', ') || '–' },
        {
          label: t('registered'),
          value: (
            <>
              <When at={version.createdAt} /> · <Actor actor={version.createdBy} />
            </>
          ),
        },
      ]}
    />
  )
}

function TrainingData({ project, data }: { project: string; data: Data['trainingData'] }) {
  const t = useTranslations('modelCard')
  const format = useFormat()
  if (data === null) return <p className="text-ink-3 text-sm">{t('limit.no_data')}</p>
  return (
    <KeyValue
      pairs={[
        {
          label: t('dataset'),
          value: (
            <Link href={links.dataset(project, data.name, data.version)} prefetch={false} className={textLink}>
              {data.name} v{data.version}
            </Link>
          ),
        },
        { label: t('licence'), value: data.licence || t('unstated') },
        { label: t('rows'), value: <span className="num">{format.number(data.rows)}</span> },
        { label: t('label'), value: data.labelColumn, mono: true },
        { label: 'SHA-256', value: <Hash value={data.sha256} /> },
        { label: t('description'), value: data.description || '–' },
        { label: t('source'), value: data.sourceNote || '–' },
      ]}
    />
  )
}

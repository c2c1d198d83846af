import type { ComparedFact, ModelComparison } from '@modelyard/contracts'
import { Card } from '@modelyard/ui/card'
import { Table, Td } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useReason } from '../../format/use-reason.ts'
import { GatePill } from '../gate-table.tsx'
import { FactRow, firstColumn, VersionHeads } from './compare-frame.tsx'

type Props = { project: string; data: ModelComparison; all: boolean }

/** What was judged, and what went in: only what differs, unless all is asked for. */
export function CompareFacts({ project, data, all }: Props) {
  const t = useTranslations('modelCompare')
  const shown = <F extends ComparedFact>(facts: F[]) => facts.filter(({ differs }) => all || differs)
  const params = shown(data.params)
  const rows = (facts: (ComparedFact & { label?: ReactNode })[]) =>
    facts.map(({ name, label, values }) => (
      <FactRow
        key={name}
        name={label ?? <span className="mono text-xs">{name}</span>}
        values={values}
        baseline={data.baseline}
      />
    ))
  return (
    <>
      <Card title={t('gates')} flush>
        <GateRows project={project} data={data} />
      </Card>
      <Card title={t('made')} hint={t('differs')} flush>
        <Table caption={t('made')} head={<VersionHeads project={project} data={data} what={t('fact')} />}>
          {rows(
            shown(data.facts).map((fact) => ({
              ...fact,
              label: t.has(`facts.${fact.name}` as never) ? t(`facts.${fact.name}` as never) : fact.name,
            })),
          )}
          {rows(shown(data.signature).map((fact) => ({ ...fact, name: `${fact.side} ${fact.name}` })))}
        </Table>
      </Card>
      <Card title={t('params')} hint={t('differs')} flush>
        {params.length === 0 ? (
          <p className="px-4 py-3 text-ink-3 text-sm">{t(data.params.length === 0 ? 'noParams' : 'sameParams')}</p>
        ) : (
          <Table caption={t('params')} head={<VersionHeads project={project} data={data} what={t('param')} />}>
            {rows(params)}
          </Table>
        )}
      </Card>
    </>
  )
}

function GateRows({ project, data }: Omit<Props, 'all'>) {
  const t = useTranslations('modelCompare')
  const say = useReason()
  if (data.gates.length === 0) return <p className="px-4 py-3 text-ink-3 text-sm">{t('noGates')}</p>
  return (
    <Table caption={t('gates')} head={<VersionHeads project={project} data={data} what={t('gate')} />}>
      {data.gates.map(({ gate, results }) => (
        <tr key={gate}>
          <Td className={`${firstColumn} mono text-xs [overflow-wrap:anywhere]`}>{gate}</Td>
          {results.map((result, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place
            <Td key={column} className="min-w-36 max-w-72 align-top">
              {result === null ? (
                <span className="text-ink-3">{t('notAsked')}</span>
              ) : (
                <>
                  <GatePill gate={result} />
                  <span className="mt-0.5 line-clamp-3 text-ink-3 text-xs">{say(result)}</span>
                </>
              )}
            </Td>
          ))}
        </tr>
      ))}
    </Table>
  )
}

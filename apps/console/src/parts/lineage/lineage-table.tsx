import type { LineageGraph, LineageNode } from '@modelyard/contracts'
import { Tag } from '@modelyard/ui/status-pill'
import { Table, Td, Th } from '@modelyard/ui/table'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { textLink } from '../facts.tsx'
import { When } from '../when.tsx'
import { pageOf, useNodeWords } from './words.ts'

type Props = { project: string; graph: LineageGraph }

/** What the picture says, in rows: each thing with what it was made from and by. */
export function LineageTable({ project, graph }: Props) {
  const t = useTranslations('lineage')
  const words = useNodeWords()
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const causes = (id: string) =>
    graph.edges.flatMap(({ from, to, relation }) => {
      const node = to === id ? nodes.get(from) : undefined
      return node === undefined ? [] : [{ node, relation }]
    })
  return (
    <Table
      caption={t('table')}
      head={
        <>
          <Th>{t('what')}</Th>
          <Th>{t('name')}</Th>
          <Th className="max-sm:hidden">{t('stateOf')}</Th>
          <Th>{t('from')}</Th>
          <Th className="max-md:hidden">{t('since')}</Th>
        </>
      }
    >
      {graph.nodes.map((node) => (
        <tr key={node.id} data-row>
          <Td className="text-ink-2">{words.kind(node)}</Td>
          <Td className="[overflow-wrap:anywhere]">
            <NodeLink project={project} node={node} />{' '}
            {node.id === graph.focus && <Tag tone="active">{t('focus')}</Tag>}
          </Td>
          <Td className="text-ink-2 max-sm:hidden">{words.state(node) ?? '–'}</Td>
          <Td className="[overflow-wrap:anywhere]">
            {causes(node.id).map((cause) => (
              <span key={cause.node.id} className="block text-xs">
                <span className="text-ink-3">{t(`relation.${cause.relation}`)}</span>{' '}
                <NodeLink project={project} node={cause.node} />
              </span>
            ))}
          </Td>
          <Td className="whitespace-nowrap max-md:hidden">
            {node.createdAt === null ? '–' : <When at={node.createdAt} />}
          </Td>
        </tr>
      ))}
    </Table>
  )
}

function NodeLink({ project, node }: { project: string; node: LineageNode }) {
  const words = useNodeWords()
  const href = pageOf(project, node)
  if (href === null) return <span className={node.kind === 'code' ? 'mono' : undefined}>{words.name(node)}</span>
  return (
    <Link href={href} prefetch={false} className={`${textLink} underline`}>
      {words.name(node)}
    </Link>
  )
}

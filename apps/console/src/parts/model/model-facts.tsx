import type { ModelVersion } from '@modelyard/contracts'
import { KeyValue } from '@modelyard/ui/key-value'
import { Tag } from '@modelyard/ui/status-pill'
import { Table, Td, Th } from '@modelyard/ui/table'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { Actor } from '../actor.tsx'
import { Hash, Id, IdLink, textLink } from '../facts.tsx'
import { When } from '../when.tsx'

/** From which data, by which run, with which code. */
export function Lineage({ project, data }: { project: string; data: ModelVersion }) {
  const t = useTranslations('client.model')
  const { lineage } = data
  const dataset =
    lineage.datasetName === null || lineage.datasetVersion === null ? (
      '–'
    ) : (
      <Link
        href={links.dataset(project, lineage.datasetName, lineage.datasetVersion)}
        prefetch={false}
        className={textLink}
      >
        {lineage.datasetName} v{lineage.datasetVersion}
      </Link>
    )
  return (
    <KeyValue
      pairs={[
        { label: t('dataset'), value: dataset },
        { label: t('run'), value: lineage.runId === null ? '–' : <IdLink project={project} id={lineage.runId} /> },
        { label: t('job'), value: lineage.jobId === null ? '–' : <IdLink project={project} id={lineage.jobId} /> },
        { label: t('code'), value: lineage.codeCommit === '' ? '–' : <Hash value={lineage.codeCommit} /> },
        {
          label: t('registered'),
          value: (
            <>
              <When at={data.createdAt} /> · <Actor actor={data.createdBy} />
            </>
          ),
        },
      ]}
    />
  )
}

export function ModelFacts({ data }: { data: ModelVersion }) {
  const t = useTranslations('client.model')
  const format = useFormat()
  const { signature } = data
  const ofFile =
    signature === null
      ? []
      : [
          { label: t('producer'), value: signature.producer || '–' },
          { label: t('nodes'), value: <span className="num">{format.number(signature.nodes)}</span> },
          {
            label: 'ONNX',
            value: `IR ${signature.irVersion} · ${Object.entries(signature.opsets)
              .map(([domain, opset]) => `${domain || 'ai.onnx'} ${opset}`)
              .join(', ')}`,
          },
        ]
  return (
    <KeyValue
      pairs={[
        { label: t('formatName'), value: t(`format.${data.format}`) },
        { label: 'SHA-256', value: <Hash value={data.sha256} /> },
        { label: 'ID', value: <Id id={data.id} /> },
        { label: t('size'), value: <span className="num">{format.bytes(data.sizeBytes)}</span> },
        ...ofFile,
        ...(data.mlflowStage === 'None' ? [] : [{ label: t('mlflowStage'), value: data.mlflowStage }]),
        { label: t('classes'), value: data.classes.length === 0 ? '–' : data.classes.join(', ') },
        ...(data.source === '' ? [] : [{ label: t('source'), value: data.source, mono: true }]),
      ]}
    />
  )
}

/** Tensors as the file itself names them. */
export function Signature({ data }: { data: ModelVersion }) {
  const t = useTranslations('client.model')
  if (data.signature === null) return <p className="px-4 py-3 text-ink-2 text-sm">{t('noSignature')}</p>
  const tensors = [
    ...data.signature.inputs.map((tensor) => ({ ...tensor, side: 'input' as const })),
    ...data.signature.outputs.map((tensor) => ({ ...tensor, side: 'output' as const })),
  ]
  return (
    <Table
      caption={t('signature')}
      head={
        <>
          <Th>{t('tensor')}</Th>
          <Th>{t('type')}</Th>
          <Th>{t('shape')}</Th>
        </>
      }
    >
      {tensors.map((tensor) => (
        <tr key={`${tensor.side}:${tensor.name}`}>
          <Td>
            <Tag>{t(tensor.side)}</Tag> <span className="mono [overflow-wrap:anywhere]">{tensor.name}</span>
          </Td>
          <Td className="mono">{tensor.dtype}</Td>
          <Td className="mono whitespace-nowrap">[{tensor.shape.join(', ')}]</Td>
        </tr>
      ))}
    </Table>
  )
}

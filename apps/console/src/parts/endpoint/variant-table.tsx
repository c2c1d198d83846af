import type { Variant } from '@modelyard/contracts'
import { Tag } from '@modelyard/ui/status-pill'
import { Table, Td, Th } from '@modelyard/ui/table'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { textLink } from '../facts.tsx'
import { When } from '../when.tsx'

/** Every revision this endpoint ever served, the newest first. */
export function VariantTable({ project, variants }: { project: string; variants: Variant[] }) {
  const t = useTranslations('client.endpoint')
  const role = useTranslations('client.role')
  const format = useFormat()
  const tones = { stable: 'ok', canary: 'active', retired: 'neutral' } as const
  return (
    <Table
      caption={t('variants')}
      head={
        <>
          <Th>{t('variant')}</Th>
          <Th>{t('role')}</Th>
          <Th>{t('version')}</Th>
          <Th numeric>{t('target')}</Th>
          <Th numeric>{t('seen')}</Th>
          <Th className="max-md:hidden">{t('deployed')}</Th>
        </>
      }
    >
      {variants
        .toSorted((a, b) => b.number - a.number)
        .map((variant) => (
          <tr key={variant.id}>
            <Td className="mono font-medium">r{variant.number}</Td>
            <Td>
              <Tag tone={tones[variant.role]}>{role(variant.role)}</Tag>
            </Td>
            <Td>
              <Link
                href={links.model(project, variant.model, variant.modelVersion)}
                prefetch={false}
                className={textLink}
              >
                {variant.model} v{variant.modelVersion}
              </Link>
            </Td>
            <Td numeric>{format.bps(variant.weightBps)}</Td>
            <Td numeric>{variant.observedBps === null ? '–' : format.bps(variant.observedBps)}</Td>
            <Td className="max-md:hidden">
              <When at={variant.createdAt} />
            </Td>
          </tr>
        ))}
    </Table>
  )
}

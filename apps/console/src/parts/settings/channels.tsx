import type { Channel } from '@modelyard/contracts'
import { EmptyState } from '@modelyard/ui/states'
import { StatusPill, Tag } from '@modelyard/ui/status-pill'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { When } from '../when.tsx'

/** Where alerts go. */
export function Channels({ channels }: { channels: z.infer<typeof Channel>[] }) {
  const t = useTranslations('client.settings')
  if (channels.length === 0) return <EmptyState title={t('noChannels')} body={t('noChannelsBody')} />
  return (
    <Table
      caption={t('channels')}
      head={
        <>
          <Th>{t('name')}</Th>
          <Th>{t('kind')}</Th>
          <Th>{t('target')}</Th>
          <Th>{t('state')}</Th>
          <Th className="max-md:hidden">{t('created')}</Th>
        </>
      }
    >
      {channels.map((channel) => (
        <tr key={channel.id}>
          <Td className="font-medium">{channel.name}</Td>
          <Td>
            <Tag>{channel.kind}</Tag>
          </Td>
          <Td className="mono [overflow-wrap:anywhere]">{String(channel.settings.url ?? '')}</Td>
          <Td>
            <StatusPill
              tone={channel.enabled ? 'ok' : 'neutral'}
              icon={channel.enabled ? 'ok' : 'off'}
              label={t(channel.enabled ? 'enabled' : 'disabled')}
              quiet
            />
          </Td>
          <Td className="max-md:hidden">
            <When at={channel.createdAt} />
          </Td>
        </tr>
      ))}
    </Table>
  )
}

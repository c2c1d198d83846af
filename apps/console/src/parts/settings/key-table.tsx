'use client'
import type { ApiKey } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { EmptyState } from '@modelyard/ui/states'
import { StatusPill } from '@modelyard/ui/status-pill'
import { Table, Td, Th } from '@modelyard/ui/table'
import { useTranslations } from 'next-intl'
import type { z } from 'zod'
import { useFormat } from '../../format/use-format.ts'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'
import { Tags } from '../facts.tsx'
import { When } from '../when.tsx'

type Key = z.infer<typeof ApiKey>

/** The viewer's own keys: what they open, when they were last used. */
export function KeyTable({ keys }: { keys: Key[] }) {
  const t = useTranslations('client.settings')
  const format = useFormat()
  if (keys.length === 0) return <EmptyState title={t('noKeys')} body={t('noKeysBody')} />
  return (
    <Table
      caption={t('keys')}
      head={
        <>
          <Th>{t('name')}</Th>
          <Th className="max-md:hidden">{t('scope')}</Th>
          <Th className="max-md:hidden">{t('project')}</Th>
          <Th className="max-md:hidden">{t('lastUsed')}</Th>
          <Th>{t('expires')}</Th>
          <Th>
            <span className="sr-only">{t('revoke')}</span>
          </Th>
        </>
      }
    >
      {keys.map((key) => (
        <tr key={key.id}>
          <Td>
            <span className="block font-medium [overflow-wrap:anywhere]">{key.name}</span>
            <code className="mono text-ink-3 text-xs">{key.hint}</code>
          </Td>
          <Td className="max-md:hidden">
            <Tags names={key.scopes} />
          </Td>
          <Td className="mono max-md:hidden">{key.project ?? t('everyProject')}</Td>
          <Td className="max-md:hidden">{key.lastUsedAt === null ? t('never') : <When at={key.lastUsedAt} />}</Td>
          <Td>{key.expiresAt === null ? t('never') : format.day(key.expiresAt)}</Td>
          <Td className="text-right">
            {key.revokedAt === null ? (
              <Revoke apiKey={key} />
            ) : (
              <StatusPill tone="neutral" icon="off" label={t('revoked')} quiet />
            )}
          </Td>
        </tr>
      ))}
    </Table>
  )
}

function Revoke({ apiKey }: { apiKey: Key }) {
  const t = useTranslations('client.settings')
  const common = useTranslations('client.common')
  const act = useAct(async (idempotencyKey) => {
    await api.account.revokeKey.mutate({ id: apiKey.id, idempotencyKey })
    return t('keyRevoked', { name: apiKey.name })
  })
  return (
    <>
      <Button size="sm" variant="dangerQuiet" onClick={act.open}>
        {t('revoke')}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t('revokeTitle', { name: apiKey.name })}
        confirmLabel={t('revoke')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
      >
        {t('revokeBody')}
      </ConfirmSheet>
    </>
  )
}

'use client'
import type { Webhook } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Menu, MenuItem, MenuLine } from '@modelyard/ui/menu'
import { toast } from '@modelyard/ui/toast'
import { MoreHorizontal } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { api, mintKey } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'

/** Switch off and on, which is taken back as easily, and delete, which is asked for. */
export function WebhookMenu({ project, hook }: { project: string; hook: Webhook }) {
  const t = useTranslations('client.webhook')
  const common = useTranslations('client.common')
  const router = useRouter()
  const { id: webhookId, name } = hook
  const isActive = hook.status === 'active'
  const flip = async () => {
    const status = isActive ? 'disabled' : 'active'
    try {
      await api.webhooks.update.mutate({ project, webhookId, status, idempotencyKey: mintKey() })
      toast(t(isActive ? 'nowDisabled' : 'nowActive', { name }))
      router.refresh()
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error))
    }
  }
  const remove = useAct(async (idempotencyKey) => {
    await api.webhooks.delete.mutate({ project, webhookId, idempotencyKey })
    return t('deleted', { name })
  })
  return (
    <>
      <Menu
        trigger={
          <Button size="icon" variant="ghost" aria-label={t('actionsOf', { name })} className="size-7 max-md:size-9">
            <MoreHorizontal aria-hidden />
          </Button>
        }
      >
        <MenuItem onSelect={() => router.push(`${links.webhooks(project)}?webhook=${webhookId}`, { scroll: false })}>
          {t('deliveries')}
        </MenuItem>
        <MenuItem onSelect={flip}>{t(isActive ? 'disable' : 'enable')}</MenuItem>
        <MenuLine />
        <MenuItem onSelect={remove.open} className="text-crit">
          {t('delete')}
        </MenuItem>
      </Menu>
      <ConfirmSheet
        open={remove.isOpen}
        onClose={remove.close}
        onConfirm={remove.confirm}
        title={t('deleteTitle', { name })}
        confirmLabel={t('delete')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
      >
        <p>{t('deleteBody', { pending: hook.pending })}</p>
      </ConfirmSheet>
    </>
  )
}

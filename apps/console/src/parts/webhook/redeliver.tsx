'use client'
import { Button } from '@modelyard/ui/button'
import { toast } from '@modelyard/ui/toast'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api, mintKey } from '../../live/client.ts'

type Props = { project: string; webhookId: string; deliveryId: string; event: string }

/** Sends one again under its own id, which is how a receiver knows it for the same. */
export function Redeliver({ project, webhookId, deliveryId, event }: Props) {
  const t = useTranslations('client.webhook')
  const router = useRouter()
  const [busy, setBusy] = useState(false)
  const again = async () => {
    setBusy(true)
    try {
      await api.webhooks.redeliver.mutate({ project, webhookId, deliveryId, idempotencyKey: mintKey() })
      toast(t('redelivered'))
      router.refresh()
    } catch (error) {
      toast(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="sm" disabled={busy} aria-label={t('redeliverOf', { event })} onClick={again}>
      {t('redeliver')}
    </Button>
  )
}

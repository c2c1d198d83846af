'use client'
import type { WebhookTestResult } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { StatusPill } from '@modelyard/ui/status-pill'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '../../live/client.ts'

/** Sends one example now; what came back is shown beside the button until the next try. */
export function TestWebhook({ project, webhookId, name }: { project: string; webhookId: string; name: string }) {
  const t = useTranslations('client.webhook')
  const common = useTranslations('client.common')
  const [busy, setBusy] = useState(false)
  const [result, setResult] = useState<WebhookTestResult | null>(null)
  const test = async () => {
    setBusy(true)
    try {
      setResult(await api.webhooks.test.mutate({ project, webhookId }))
    } catch (error) {
      const errorMessage = error instanceof Error ? error.message : String(error)
      setResult({ success: false, responseStatus: null, responseBody: null, errorMessage })
    } finally {
      setBusy(false)
    }
  }
  return (
    <span className="flex flex-col items-end gap-1">
      <Button size="sm" disabled={busy} aria-label={t('testOf', { name })} onClick={test}>
        {busy ? common('working') : t('test')}
      </Button>
      <span role="status" className="max-w-52 text-right text-xs">
        {result !== null && (
          <>
            <StatusPill
              quiet
              tone={result.success ? 'ok' : 'crit'}
              label={t(result.success ? 'testOk' : 'testFailed', { status: result.responseStatus ?? '–' })}
            />
            {!result.success && (
              <span className="line-clamp-3 text-ink-2 [overflow-wrap:anywhere]">
                {result.errorMessage ?? result.responseBody}
              </span>
            )}
          </>
        )}
      </span>
    </span>
  )
}

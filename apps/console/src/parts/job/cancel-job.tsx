'use client'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { useTranslations } from 'next-intl'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'

export function CancelJob({
  project,
  jobId,
  name,
  allowed,
}: {
  project: string
  jobId: string
  name: string
  allowed: boolean
}) {
  const t = useTranslations('client.job')
  const common = useTranslations('client.common')
  const act = useAct(async (idempotencyKey) => {
    await api.jobs.cancel.mutate({ project, jobId, idempotencyKey })
    return t('cancelRequested')
  })
  return (
    <>
      <Button
        variant="dangerQuiet"
        disabled={!allowed}
        title={allowed ? undefined : t('needEditor')}
        onClick={act.open}
      >
        {t('cancel')}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t('cancelTitle', { name })}
        confirmLabel={t('cancel')}
        cancelLabel={t('keep')}
        busyLabel={common('working')}
      >
        {t('cancelBody')}
      </ConfirmSheet>
    </>
  )
}

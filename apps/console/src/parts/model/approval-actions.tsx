'use client'
import type { Approval } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, TextInput } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { z } from 'zod'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'

type Version = {
  id: string
  model: string
  number: number
  stage: string
  gatesPassed: boolean
  /** Whoever made it, where that is a person. */
  authorId: string | undefined
}
type Props = {
  project: string
  viewerId: string
  version: Version
  pending: z.infer<typeof Approval> | null
  mayDecide: boolean
  mayRequest: boolean
}

/** Ask for a decision, or take it: over the bytes that are shown, by their digest. */
export function ApprovalActions(props: Props) {
  const { version, pending } = props
  const t = useTranslations('client.model')
  if (pending !== null) {
    if (!props.mayDecide) return <p className="text-ink-3 text-xs">{t('needDeployer')}</p>
    const isOwn = [version.authorId, pending.requestedBy.userId].includes(props.viewerId)
    return (
      <>
        {isOwn && <p className="max-w-60 text-ink-3 text-xs">{t('ownRequest')}</p>}
        <Decide {...props} pending={pending} decision="reject" />
        <Decide {...props} pending={pending} decision="approve" />
      </>
    )
  }
  if (version.stage !== 'candidate') return null
  return <Request {...props} />
}

function Request({ project, version, mayRequest }: Props) {
  const t = useTranslations('client.model')
  const common = useTranslations('client.common')
  const [comment, setComment] = useState('')
  const act = useAct(async (idempotencyKey) => {
    await api.models.requestApproval.mutate({ project, modelVersionId: version.id, comment, idempotencyKey })
    return t('requested')
  })
  return (
    <>
      <Button variant="primary" disabled={!mayRequest} onClick={act.open}>
        {t('request')}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t('requestTitle', { model: version.model, version: version.number })}
        confirmLabel={t('request')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        tone="primary"
        focus="confirm"
      >
        <p className="mb-3">{version.gatesPassed ? t('requestBody') : t('requestBlocked')}</p>
        <Field id="approval-comment" label={t('comment')}>
          <TextInput
            id="approval-comment"
            value={comment}
            maxLength={2000}
            onChange={(event) => setComment(event.target.value)}
          />
        </Field>
      </ConfirmSheet>
    </>
  )
}

type DecideProps = Props & { pending: z.infer<typeof Approval>; decision: 'approve' | 'reject' }

function Decide({ project, version, pending, decision }: DecideProps) {
  const t = useTranslations('client.model')
  const common = useTranslations('client.common')
  const [comment, setComment] = useState('')
  const act = useAct(async (idempotencyKey) => {
    const { id: approvalId, digest } = pending
    await api.models.decideApproval.mutate({ project, approvalId, digest, decision, comment, idempotencyKey })
    return t(`done.${decision}`)
  })
  return (
    <>
      <Button variant={decision === 'approve' ? 'primary' : 'dangerQuiet'} onClick={act.open}>
        {t(`decide.${decision}`)}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t(`decideTitle.${decision}`, { model: version.model, version: version.number })}
        confirmLabel={t(`decide.${decision}`)}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        tone={decision === 'approve' ? 'primary' : 'danger'}
        focus={decision === 'approve' ? 'confirm' : 'cancel'}
      >
        <p className="mb-3">{t(`decideBody.${decision}`, { digest: pending.digest.slice(0, 12) })}</p>
        <Field id={`comment-${decision}`} label={t('comment')}>
          <TextInput
            id={`comment-${decision}`}
            value={comment}
            maxLength={2000}
            onChange={(event) => setComment(event.target.value)}
          />
        </Field>
      </ConfirmSheet>
    </>
  )
}

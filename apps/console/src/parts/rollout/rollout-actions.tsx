'use client'
import type { Rollout } from '@modelyard/contracts'
import { Button, type ButtonLook } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { useTranslations } from 'next-intl'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'

type Command = 'pause' | 'resume' | 'promote' | 'abort' | 'roll_back'

const offered: Partial<Record<Rollout['state'], Command[]>> = {
  progressing: ['roll_back', 'pause', 'promote'],
  paused: ['roll_back', 'resume', 'promote'],
}

const looks: Record<Command, ButtonLook['variant']> = {
  pause: 'secondary',
  resume: 'secondary',
  promote: 'primary',
  abort: 'dangerQuiet',
  roll_back: 'dangerQuiet',
}

/** What a person may do with a rollout that has not ended; each names its effect before it has one. */
export function RolloutActions({ project, rollout, mayAct }: { project: string; rollout: Rollout; mayAct: boolean }) {
  const commands = offered[rollout.state] ?? []
  return commands.map((command) => (
    <CommandButton key={command} project={project} rollout={rollout} command={command} mayAct={mayAct} />
  ))
}

function CommandButton({
  project,
  rollout,
  command,
  mayAct,
}: {
  project: string
  rollout: Rollout
  command: Command
  mayAct: boolean
}) {
  const t = useTranslations('client.rollout')
  const common = useTranslations('client.common')
  const act = useAct(async (idempotencyKey) => {
    const { id: rolloutId, revision } = rollout
    await api.rollouts.command.mutate({ project, rolloutId, command, revision, reason: '', idempotencyKey })
    return t(`done.${command}`)
  })
  const names = { endpoint: rollout.endpoint, from: `r${rollout.from.number}`, to: `r${rollout.to.number}` }
  const danger = command === 'roll_back' || command === 'abort'
  return (
    <>
      <Button
        variant={looks[command]}
        disabled={!mayAct}
        title={mayAct ? undefined : t('needDeployer')}
        data-key={command === 'roll_back' ? 'Shift+R' : undefined}
        onClick={act.open}
      >
        {t(`command.${command}`)}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t(`confirmTitle.${command}`, names)}
        confirmLabel={t(`command.${command}`)}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        tone={danger ? 'danger' : 'primary'}
        focus="confirm"
      >
        {t(`confirmBody.${command}`, names)}
      </ConfirmSheet>
    </>
  )
}

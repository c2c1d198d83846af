import type { Rollout } from '@modelyard/contracts'
import type { Step, StepState } from '@modelyard/ui/step-ladder'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'

/** Where the ladder stands: promoted has climbed all of it, a rollback stopped on the step it was on. */
export function stateOfStep(rollout: Pick<Rollout, 'state' | 'stepIndex'>, index: number): StepState {
  if (rollout.state === 'promoted' || index < rollout.stepIndex) return 'done'
  if (index > rollout.stepIndex) return 'next'
  return rollout.state === 'rolled_back' || rollout.state === 'aborted' ? 'failed' : 'current'
}

/** The policy's steps and the last one, which is everything. */
export function useSteps(rollout: Rollout): Step[] {
  const t = useTranslations('client.rollout')
  const format = useFormat()
  const steps = rollout.policy.steps.map((step, index): Step => {
    const state = stateOfStep(rollout, index)
    return {
      key: `${index}`,
      label: format.bps(step.weightBps),
      note: t('stepNote', { dwell: format.duration(step.minDwellS * 1000), units: step.minUnits }),
      state,
      stateLabel: t(`stepState.${state}`),
    }
  })
  const last = rollout.policy.steps.at(-1)
  if (last !== undefined && last.weightBps >= 10_000) return steps
  const state = rollout.state === 'promoted' ? 'done' : 'next'
  return [
    ...steps,
    { key: 'all', label: format.bps(10_000), note: t('promoteNote'), state, stateLabel: t(`stepState.${state}`) },
  ]
}

'use client'
import type { Endpoint } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { ConfirmSheet } from '@modelyard/ui/confirm-sheet'
import { Field, Select } from '@modelyard/ui/field'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'
import type { Deployable } from '../../server/deployable.ts'
import { type PresetName, policyOf, presetNames } from '../rollout/presets.ts'

type Props = { project: string; endpoint: Endpoint; versions: Deployable[]; allowed: boolean }

const alphas = [0.01, 0.05] as const

/** Why there can be no rollout now; undefined when there can. */
function useObstacle({ endpoint, versions, allowed }: Props): string | undefined {
  const t = useTranslations('client.endpoint')
  if (!allowed) return t('needDeployer')
  if (endpoint.activeRolloutId !== null) return t('oneAtATime')
  return versions.length === 0 ? t('needApproved') : undefined
}

/** Sends a new version out step by step, behind guards. */
export function StartRollout(props: Props) {
  const { project, endpoint, versions } = props
  const t = useTranslations('client.endpoint')
  const common = useTranslations('client.common')
  const router = useRouter()
  const serving = endpoint.variants.find((variant) => variant.role === 'stable')
  const choices = versions.filter((version) => version.id !== serving?.modelVersionId)
  const [version, setVersion] = useState(choices[0]?.id ?? '')
  const [preset, setPreset] = useState<PresetName>('standard')
  const [alpha, setAlpha] = useState<number>(alphas[0])
  const obstacle = useObstacle({ ...props, versions: choices })
  const act = useAct(async (idempotencyKey) => {
    const policy = policyOf(preset, alpha)
    const started = await api.rollouts.start.mutate({
      project,
      endpointId: endpoint.id,
      modelVersionId: version,
      policy,
      idempotencyKey,
    })
    router.push(links.rollout(project, endpoint.name, started.id))
    return t('rolloutStarted', { number: started.number })
  })
  return (
    <>
      <Button variant="primary" disabled={obstacle !== undefined} title={obstacle} onClick={act.open}>
        {t('startRollout')}
      </Button>
      <ConfirmSheet
        open={act.isOpen}
        onClose={act.close}
        onConfirm={act.confirm}
        title={t('startTitle', { endpoint: endpoint.name })}
        confirmLabel={t('startRollout')}
        cancelLabel={common('cancel')}
        busyLabel={common('working')}
        tone="primary"
        focus="confirm"
        ready={version !== ''}
      >
        <div className="flex flex-col gap-3">
          <Field id="rollout-version" label={t('version')}>
            <Select id="rollout-version" value={version} onChange={(event) => setVersion(event.target.value)}>
              {choices.map((item) => (
                <option key={item.id} value={item.id}>
                  {item.label}
                </option>
              ))}
            </Select>
          </Field>
          <PolicyFields preset={preset} onPreset={setPreset} alpha={alpha} onAlpha={setAlpha} />
        </div>
      </ConfirmSheet>
    </>
  )
}

type PolicyProps = {
  preset: PresetName
  onPreset: (preset: PresetName) => void
  alpha: number
  onAlpha: (alpha: number) => void
}

function PolicyFields({ preset, onPreset, alpha, onAlpha }: PolicyProps) {
  const t = useTranslations('client.endpoint')
  const format = useFormat()
  const { steps } = policyOf(preset, alpha)
  const ladder = [...steps.map((step) => format.bps(step.weightBps)), format.bps(10_000)].join(' → ')
  return (
    <>
      <Field
        id="rollout-preset"
        label={t('pace')}
        hint={t('paceHint', {
          ladder,
          dwell: format.duration((steps[0]?.minDwellS ?? 0) * 1000),
          units: steps[0]?.minUnits ?? 0,
        })}
      >
        <Select id="rollout-preset" value={preset} onChange={(event) => onPreset(event.target.value as PresetName)}>
          {presetNames.map((name) => (
            <option key={name} value={name}>
              {t(`preset.${name}`)}
            </option>
          ))}
        </Select>
      </Field>
      <Field id="rollout-alpha" label={t('alpha')} hint={t('alphaHint', { alpha: format.percent(alpha) })}>
        <Select id="rollout-alpha" value={alpha} onChange={(event) => onAlpha(Number(event.target.value))}>
          {alphas.map((value) => (
            <option key={value} value={value}>
              {format.percent(value)}
            </option>
          ))}
        </Select>
      </Field>
      <p className="text-ink-3 text-xs">{t('guardsNote')}</p>
    </>
  )
}

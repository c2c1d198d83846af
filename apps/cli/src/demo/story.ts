import { connect } from './client.ts'
import { readDigits, TRAINING_ROWS } from './digits.ts'
import type { Receiver } from './receiver.ts'
import type { Stage, Step } from './stage.ts'
import { dataset, project } from './steps/data.ts'
import { badCanary, deploy, goodCanary } from './steps/serve.ts'
import { first } from './steps/train.ts'
import { drift, ledger, rollBack } from './steps/watch.ts'
import { Traffic } from './traffic.ts'

export const STEPS: readonly Step[] = [project, dataset, first, deploy, badCanary, goodCanary, drift, rollBack, ledger]

export type Setting = {
  consoleUrl: string
  apiUrl: string
  gatewayUrl: string
  apiKey: string
  receiver: Receiver
  commit: string
  say: (line: string) => void
  signal: AbortSignal
}
export type Told = { project: string; seconds: number; failed: number; sent: number }

/**
 * Tell the whole story against a running stack: one line a step, with what it saw and how long it took.
 * @throws at the first step that does not do what it says.
 */
export async function tellStory(setting: Setting): Promise<Told> {
  const { consoleUrl, say, signal, receiver } = setting
  const api = connect({ apiUrl: setting.apiUrl, key: setting.apiKey })
  const scans = readDigits()
  const target = { gatewayUrl: setting.gatewayUrl, key: setting.apiKey, project: 'digits', endpoint: 'digits' }
  const traffic = new Traffic({ api, target, scans: scans.slice(TRAINING_ROWS) })
  const stage: Stage = {
    consoleUrl,
    api,
    reviewer: api,
    project: 'digits',
    endpoint: { id: '', name: '' },
    target,
    scans,
    traffic,
    receiver,
    commit: setting.commit,
    ids: {},
    say,
    signal,
  }
  const started = performance.now()
  try {
    for (const [index, step] of STEPS.entries()) await tell(stage, { index, step })
  } finally {
    await traffic.stop()
  }
  return {
    project: stage.project,
    seconds: (performance.now() - started) / 1000,
    failed: traffic.failed,
    sent: traffic.sent,
  }
}

async function tell(stage: Stage, { index, step }: { index: number; step: Step }): Promise<void> {
  const started = performance.now()
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`
  try {
    stage.signal.throwIfAborted()
    const { saw, page } = await step.run(stage)
    stage.say(`${index + 1}. ${step.title.padEnd(12)} ${saw}  [${seconds()}]  ${stage.consoleUrl}${page}`)
  } catch (cause) {
    throw new Error(
      `step ${index + 1}, ${step.title}, failed after ${seconds()}: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    )
  }
}

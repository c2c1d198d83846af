import { setTimeout as sleep } from 'node:timers/promises'
import { newKey, refusalOf, until } from '../client.ts'
import { expectThat, percent, type Stage, type Step } from '../stage.ts'
import { ask } from '../traffic.ts'
import { approve, train } from './train.ts'

/** All gateways serve the newest generation. */
export const observed = (stage: Stage) =>
  until('the gateway to serve the new routes', async () => {
    const endpoint = await stage.api.trpc.endpoints.get.query({ project: stage.project, endpointId: stage.endpoint.id })
    return endpoint.observed ? endpoint : null
  })

/** Approve the first version, give it an endpoint, and let scans of writers it has never seen come in. */
export const deploy: Step = {
  title: 'endpoint',
  run: async (stage) => {
    const { api, project } = stage
    const modelVersionId = stage.ids.v1 ?? ''
    const early = await refusalOf(
      api.trpc.endpoints.create.mutate({ project, name: 'digits', modelVersionId, idempotencyKey: newKey() }),
    )
    await approve(stage, modelVersionId)
    const endpoint = await api.trpc.endpoints.create.mutate({
      project,
      name: 'digits',
      modelVersionId,
      idempotencyKey: newKey(),
    })
    stage.endpoint = { id: endpoint.id, name: endpoint.name }
    await observed(stage)
    const wrong = await ask(stage.target, { pixels: [1, 2, 3] }).then(
      () => 'taken',
      (error: Error) => error.message,
    )
    expectThat(wrong.includes(' 400'), `a row of the wrong width was not refused: ${wrong}`)
    stage.traffic.start()
    await until('200 answered scans', async () => stage.traffic.accuracy(1).answered >= 200)
    const { percent: right, answered } = stage.traffic.accuracy(1)
    expectThat(right > 85, `r1 reads only ${right.toFixed(1)} % of new writers' digits right`)
    return {
      saw: `before approval: "${early}"; then r1 answers: ${right.toFixed(1)} % of ${answered} scans of unseen writers right`,
      page: `/${project}/endpoints/${endpoint.name}`,
    }
  },
}

type Canary = { modelVersionId: string; steps: { weightBps: number; minDwellS: number; minUnits: number }[] }

async function roll(stage: Stage, { modelVersionId, steps }: Canary) {
  const { api, project } = stage
  stage.traffic.reset()
  const started = await api.trpc.rollouts.start.mutate({
    project,
    endpointId: stage.endpoint.id,
    modelVersionId,
    policy: { steps, alpha: 0.01, guards: ['errors', 'quality'] },
    idempotencyKey: newKey(),
  })
  const ended = await until(
    `rollout #${started.number} to end`,
    async () => {
      const now = await api.trpc.rollouts.get.query({ project, rolloutId: started.id })
      return ['rolled_back', 'promoted', 'aborted', 'paused'].includes(now.state) ? now : null
    },
    180_000,
  )
  const took = (new Date(ended.endedAt ?? 0).getTime() - new Date(ended.startedAt).getTime()) / 1000
  await observed(stage)
  return { ended, took }
}

/** The second delivery's model looks as good as the first one offline; only true labels in production show that it is not. */
export const badCanary: Step = {
  title: 'bad canary',
  run: async (stage) => {
    const { tested } = await train(stage, {
      name: 'softmax on the second delivery',
      datasetVersionId: stage.ids.mislabelled ?? '',
      hidden: 0,
      epochs: 40,
      key: 'v2',
    })
    await approve(stage, stage.ids.v2 ?? '')
    const { ended, took } = await roll(stage, {
      modelVersionId: stage.ids.v2 ?? '',
      steps: [
        { weightBps: 1000, minDwellS: 60, minUnits: 1000 },
        { weightBps: 5000, minDwellS: 60, minUnits: 1000 },
      ],
    })
    const quality = ended.guards.find(({ guard }) => guard === 'quality')
    expectThat(ended.state === 'rolled_back', `the bad version was not rolled back but ${ended.state}: ${ended.reason}`)
    expectThat(quality?.verdict === 'fail', 'the quality guard did not fail')
    stage.ids.badRollout = ended.id
    const share = ({ units, bad }: { units: number; bad: number }) => `${bad}/${units} wrong`
    return {
      saw: `offline ${percent(tested.accuracy)}, so its gates passed; rolled back by itself after ${took.toFixed(1)} s: canary ${share(quality.canary)}, stable ${share(quality.control)}, p = ${quality.p.toExponential(1)}`,
      page: `/${stage.project}/endpoints/${stage.endpoint.name}/rollouts/${ended.id}`,
    }
  },
}

export const goodCanary: Step = {
  title: 'good canary',
  run: async (stage) => {
    const { tested } = await train(stage, {
      name: 'MLP with 64 hidden units',
      datasetVersionId: stage.ids.dataset ?? '',
      hidden: 64,
      epochs: 60,
      key: 'v3',
    })
    await approve(stage, stage.ids.v3 ?? '')
    const steps = [1000, 5000, 10_000].map((weightBps) => ({ weightBps, minDwellS: 4, minUnits: 40 }))
    const { ended, took } = await roll(stage, { modelVersionId: stage.ids.v3 ?? '', steps })
    expectThat(ended.state === 'promoted', `the better version was not promoted but ${ended.state}: ${ended.reason}`)
    await sleep(500)
    const { percent: right } = stage.traffic.accuracy(ended.to.number)
    return {
      saw: `offline ${percent(tested.accuracy)}; 10 -> 50 -> 100 % and promoted after ${took.toFixed(1)} s; r${ended.to.number} reads ${right.toFixed(1)} % of unseen writers' digits right`,
      page: `/${stage.project}/endpoints/${stage.endpoint.name}/rollouts/${ended.id}`,
    }
  },
}

import { newKey, until } from '../client.ts'
import { inverted } from '../digits.ts'
import { expectThat, type Stage, type Step } from '../stage.ts'
import { ask } from '../traffic.ts'
import { observed } from './serve.ts'

const newestReport = async (stage: Stage) =>
  (await stage.api.trpc.drift.list.query({ project: stage.project, endpointId: stage.endpoint.id, limit: 1 }))[0]

/** First the writers change, then the sensor breaks: drift opens an alert and the pager gets it. */
export const drift: Step = {
  title: 'drift',
  run: async (stage) => {
    const { api, project } = stage
    const calm = await until('a drift report on the new writers', () => newestReport(stage))
    const before = await api.trpc.drift.get.query({ project, reportId: calm.id })
    stage.traffic.sensor = inverted
    const fault = Date.now()
    // New writers drift a little by themselves and may have opened the alert already; the fault makes it critical.
    const alert = await until('a critical alert about drift', async () =>
      (await api.trpc.alerts.list.query({ project, state: 'firing' })).items.find(
        ({ rule, severity, lastSeenAt }) =>
          rule === 'drift' && severity === 'critical' && new Date(lastSeenAt).getTime() >= fault,
      ),
    )
    const full = await api.trpc.alerts.get.query({ alertId: alert.id })
    expectThat(full.driftReportId !== null, 'the alert names no drift report')
    const report = await api.trpc.drift.get.query({ project, reportId: full.driftReportId })
    const page = await until('the signed page at the pager', async () =>
      stage.receiver.pages.find(({ data }) => data.alertId === alert.id),
    )
    stage.ids.alert = alert.id
    stage.ids.page = page.data.links.rollback ?? ''
    expectThat(stage.receiver.refused === 0, `${stage.receiver.refused} pages were not signed as they should be`)
    const worst = report.features[0]
    return {
      saw: `new writers: ${before.verdict}, ${before.drifted} of ${before.features.length} features; inverted contrast: ${report.drifted} drifted, ${worst?.feature} D = ${worst?.statistic.toFixed(2)}, n = ${report.nCurrent} against ${report.referenceName}; paged after ${((Date.now() - fault) / 1000).toFixed(1)} s`,
      page: `/a/${alert.id}`,
    }
  },
}

/** A person presses roll back; the time runs until the gateway answers with the old version only. */
export const rollBack: Step = {
  title: 'roll back',
  run: async (stage) => {
    const { api, project, endpoint } = stage
    const pressed = performance.now()
    const idempotencyKey = newKey()
    const request = {
      project,
      endpointId: endpoint.id,
      alertId: stage.ids.alert,
      reason: 'the sensor is broken',
      idempotencyKey,
    }
    const [done, twice] = [
      await api.trpc.endpoints.rollBack.mutate(request),
      await api.trpc.endpoints.rollBack.mutate(request),
    ]
    expectThat(done.generation === twice.generation, 'pressing twice rolled back twice')
    await until('the gateway to answer with the old version', async () => {
      const { answer } = await ask(stage.target, { pixels: stage.scans[0]?.pixels ?? [] }).catch(() => ({
        answer: null,
      }))
      return answer?.variant === done.to
    })
    const took = (performance.now() - pressed) / 1000
    await observed(stage)
    stage.traffic.sensor = (pixels) => pixels
    await api.trpc.alerts.act.mutate({
      project,
      alertId: stage.ids.alert ?? '',
      action: 'ack',
      note: 'sensor is being replaced',
      idempotencyKey: newKey(),
    })
    return {
      saw: `r${done.from.join(', r')} -> r${done.to} in ${took.toFixed(2)} s from the press to the old version's answer; pressed twice, done once`,
      page: `/${project}/endpoints/${endpoint.name}`,
    }
  },
}

const CHAPTERS = [
  'project.created',
  'dataset.registered',
  'job.submitted',
  'model.registered',
  'approval.approved',
  'endpoint.created',
  'rollout.started',
  'rollout.rolled_back',
  'rollout.promoted',
  'alert.opened',
  'endpoint.rolled_back',
]

export const ledger: Step = {
  title: 'ledger',
  run: async ({ api, project }) => {
    const status = await api.trpc.ledger.verify.query({ project })
    expectThat(status.verified, `the ledger's chain breaks at entry ${status.firstBadSeq}`)
    const { items } = await api.trpc.ledger.list.query({ project, limit: 200 })
    const actions = new Set(items.map(({ action }) => action))
    const missing = CHAPTERS.filter((chapter) => !actions.has(chapter))
    expectThat(
      missing.length === 0,
      `the ledger does not tell of: ${missing.join(', ')}; it tells of ${[...actions].join(', ')}`,
    )
    return {
      saw: `${status.entries} entries, chain verified; from ${items.at(-1)?.action} to ${items[0]?.action}`,
      page: `/${project}/ledger`,
    }
  },
}

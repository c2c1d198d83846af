import type { AppRouter } from '@modelyard/trpc'
import { createTRPCClient, httpLink } from '@trpc/client'
import type { Ready } from './stack.ts'

/** What the story calls its project. */
export const PROJECT = 'digits'
export const STORY_END = /the story is told in/

/** The console procedures, called as the first administrator. */
export function apiOf(ready: Ready) {
  const headers = { authorization: `Bearer ${ready.apiKey}` }
  return createTRPCClient<AppRouter>({ links: [httpLink({ url: `${ready.apiUrl}/trpc`, headers })] }).console
}
export type Api = ReturnType<typeof apiOf>

/** What must hold after every telling of the story, whatever was killed meanwhile: nothing lost, nothing doubled. */
export async function expectWholeStory(api: Api): Promise<string[]> {
  const project = PROJECT
  const faults: string[] = []
  const must = (holds: boolean, otherwise: string) => void (holds || faults.push(otherwise))
  const chain = await api.ledger.verify.query({ project })
  must(chain.verified, `the chain breaks at ${chain.firstBadSeq}`)
  const { items: entries } = await api.ledger.list.query({ project, limit: 200 })
  const count = (action: string) => entries.filter((entry) => entry.action === action).length
  for (const [action, times] of Object.entries({
    'project.created': 1,
    'endpoint.created': 1,
    'rollout.started': 2,
    'rollout.promoted': 1,
    'endpoint.rolled_back': 1,
    'model.registered': 3,
  })) {
    must(count(action) === times, `${action} stands ${count(action)} times in the ledger, not ${times}`)
  }
  const [model] = await api.models.list.query({ project })
  must(model?.versions === 3, `${model?.versions} model versions, not 3`)
  const { items: jobs } = await api.jobs.list.query({ project })
  for (const { id, name, state } of jobs) {
    const job = await api.jobs.get.query({ project, jobId: id })
    const won = job.attemptList.filter((attempt) => attempt.state === 'succeeded').length
    must(won === (state === 'succeeded' ? 1 : 0), `${name} ended as ${state} with ${won} succeeded attempts`)
    if (state === 'succeeded') await expectOneCurve(api, { project, runId: job.runId, must })
  }
  const { items } = await api.alerts.list.query({ project })
  const alerts = (rule: string) => items.filter((alert) => alert.rule === rule)
  must(alerts('rollout.rolled_back').length === 1, 'not one alert about the rollback')
  // New writers may have opened one and, after three calm windows, resolved it before the sensor broke.
  const open = alerts('drift').filter(({ state }) => state !== 'resolved')
  must(alerts('drift').length > 0 && open.length <= 1, `${alerts('drift').length} drift alerts, ${open.length} open`)
  return faults
}

/** One point a step: an attempt that was lost and run again must not have drawn the curve twice. */
async function expectOneCurve(
  api: Api,
  args: { project: string; runId: string; must: (holds: boolean, otherwise: string) => void },
): Promise<void> {
  const series = await api.runs.series.query({ project: args.project, runId: args.runId })
  args.must(series.length > 0, `run ${args.runId} has no metrics`)
  for (const { key, points, steps } of series) {
    args.must(
      points === steps.length && new Set(steps).size === steps.length,
      `${key} of ${args.runId} has ${points} points on ${new Set(steps).size} steps`,
    )
  }
}

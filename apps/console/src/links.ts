/** Every address of the console in one place. Names where people read them, ids where only programs do. */
export const links = {
  now: (project: string) => `/${project}/now`,
  datasets: (project: string) => `/${project}/datasets`,
  dataset: (project: string, name: string, version: number) => `/${project}/datasets/${name}/v/${version}`,
  runs: (project: string) => `/${project}/runs`,
  experiment: (project: string, number: number) => `/${project}/runs?exp=${number}`,
  compare: (project: string, runIds: readonly string[]) => `/${project}/compare?runs=${runIds.join(',')}`,
  run: (project: string, runId: string) => `/${project}/runs/${runId}`,
  runFile: (project: string, runId: string, file: { path: string; download: boolean }) =>
    `/${project}/runs/${runId}/file?path=${encodeURIComponent(file.path)}${file.download ? '&download' : ''}`,
  models: (project: string) => `/${project}/models`,
  /** Models are named by clients: a name may hold anything but a slash or colon. */
  modelPage: (project: string, model: string) => `/${project}/models/${encodeURIComponent(model)}`,
  modelCompare: (project: string, model: string) => `/${project}/models/${encodeURIComponent(model)}/compare`,
  /** Of its overview; `/card`, `/files` and `/lineage` follow it. */
  model: (project: string, model: string, version: number) =>
    `/${project}/models/${encodeURIComponent(model)}/v/${version}`,
  lineage: (project: string, focus: string) => `/${project}/lineage?focus=${focus}`,
  endpoints: (project: string) => `/${project}/endpoints`,
  endpoint: (project: string, endpoint: string) => `/${project}/endpoints/${endpoint}`,
  rollout: (project: string, endpoint: string, rolloutId: string) =>
    `/${project}/endpoints/${endpoint}/rollouts/${rolloutId}`,
  drift: (project: string, endpoint: string, reportId?: string) =>
    reportId === undefined
      ? `/${project}/endpoints/${endpoint}/drift`
      : `/${project}/endpoints/${endpoint}/drift?report=${reportId}`,
  alerts: (project: string) => `/${project}/alerts`,
  jobs: (project: string) => `/${project}/jobs`,
  job: (project: string, jobId: string) => `/${project}/jobs/${jobId}`,
  ledger: (project: string) => `/${project}/ledger`,
  settings: (project: string) => `/${project}/settings`,
  webhooks: (project: string) => `/${project}/settings/webhooks`,
  /** Short addresses for pagers: no project needed, no script needed. */
  rollback: (endpointId: string, alertId?: string) =>
    alertId === undefined ? `/r/${endpointId}` : `/r/${endpointId}?alert=${alertId}`,
  alert: (alertId: string) => `/a/${alertId}`,
  /** Finds the page of any id. */
  go: (project: string, id: string) => `/${project}/go/${id}`,
} as const

/** Ids that have a page; the rest (uploads, sessions) are names only. */
export function hasPage(id: string): boolean {
  return /^(?:run|job|alt|rnr|prj|key|chn|ds|dsv|mdl|mv|ep|ro|drf|whk)_[0-9a-z]{26}$/.test(id)
}

/** Only addresses of this console: anything else would make the sign-in a way to send people elsewhere. */
export function safeNext(next: string | null | undefined): string {
  if (next === null || next === undefined || !/^\/(?![/\\])/.test(next)) return '/'
  const url = URL.parse(next, 'http://console.invalid')
  return url !== null && url.origin === 'http://console.invalid' ? `${url.pathname}${url.search}` : '/'
}

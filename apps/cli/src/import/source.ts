import type { Numeric } from './exact-json.ts'
import { get, pages, type Server, send } from './wire.ts'

/** An MLflow server as its REST interface shows it; only read. */
export type Tag = { key: string; value?: string }
export type Experiment = {
  experiment_id: string
  name: string
  lifecycle_stage?: string
  creation_time?: number
  last_update_time?: number
  tags?: Tag[]
}
export type Point = { key: string; value: Numeric; timestamp: Numeric; step?: Numeric }
export type Run = {
  info: {
    run_id: string
    run_name?: string
    user_id?: string
    status: string
    start_time?: number
    end_time?: number
    lifecycle_stage?: string
  }
  data?: { metrics?: Point[]; params?: Tag[]; tags?: Tag[] }
  inputs?: {
    dataset_inputs?: {
      tags?: Tag[]
      dataset: { name: string; digest: string; source_type: string; source: string; schema?: string; profile?: string }
    }[]
    model_inputs?: { model_id: string }[]
  }
  outputs?: { model_outputs?: { model_id: string; step?: Numeric }[] }
}
export type LoggedModel = {
  info: {
    model_id: string
    name: string
    status: string
    status_message?: string
    model_type?: string
    source_run_id?: string
    creation_timestamp_ms: number
    last_updated_timestamp_ms: number
    tags?: Tag[]
  }
  data?: {
    params?: Tag[]
    metrics?: (Point & { run_id: string; dataset_name?: string; dataset_digest?: string })[]
  }
}
export type Version = {
  name: string
  version: string
  creation_timestamp: number
  last_updated_timestamp: number
  current_stage?: string
  description?: string
  source?: string
  run_id?: string
  run_link?: string
  model_id?: string
  tags?: Tag[]
}
export type Model = {
  name: string
  creation_timestamp: number
  last_updated_timestamp: number
  description?: string
  tags?: Tag[]
  aliases?: { alias: string; version: string }[]
}
type Page = { next_page_token?: string }

const API = '/api/2.0/mlflow'
const PAGE = 200
const HISTORY_PAGE = 25_000

export const experimentsOf = (server: Server) =>
  pages((page_token) =>
    send<Page & { experiments?: Experiment[] }>(server, `${API}/experiments/search`, {
      body: { max_results: PAGE, view_type: 'ALL', order_by: ['experiment_id ASC'], page_token },
    }),
  )

/** All runs of an experiment, deleted ones too, in the order in which they began. */
export const runsOf = (server: Server, experimentId: string) =>
  pages((page_token) =>
    send<Page & { runs?: Run[] }>(server, `${API}/runs/search`, {
      body: {
        ...{ experiment_ids: [experimentId], run_view_type: 'ALL', max_results: PAGE, page_token },
        order_by: ['attributes.start_time ASC'],
      },
    }),
  )

export const historyOf = (server: Server, { run_id, metric_key }: { run_id: string; metric_key: string }) =>
  pages((page_token) =>
    get<Page & { metrics?: Point[] }>(server, `${API}/metrics/get-history`, {
      ...{ run_id, metric_key, max_results: HISTORY_PAGE, page_token },
    }),
  )

/** Logged models of an experiment; there are none on servers before MLflow 3. */
export const loggedModelsOf = (server: Server, experimentId: string) =>
  pages((page_token) =>
    send<Page & { models?: LoggedModel[] }>(server, `${API}/logged-models/search`, {
      body: { experiment_ids: [experimentId], max_results: 50, page_token },
    }),
  )

export const modelsOf = (server: Server) =>
  pages((page_token) =>
    get<Page & { registered_models?: Model[] }>(server, `${API}/registered-models/search`, {
      ...{ max_results: PAGE, page_token },
    }),
  )

export const versionsOf = (server: Server, name: string) =>
  pages((page_token) =>
    get<Page & { model_versions?: Version[] }>(server, `${API}/model-versions/search`, {
      filter: `name=${name.includes("'") ? `"${name}"` : `'${name}'`}`,
      ...{ max_results: PAGE, order_by: 'version_number ASC', page_token },
    }),
  )

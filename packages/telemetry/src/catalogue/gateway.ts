/** Metrics of the inference gateway alone. */
import { LATENCY_S, type MetricSpec } from './spec.ts'

const BATCH_ROWS = [1, 2, 4, 8, 16, 32, 64, 128] as const

export const GATEWAY_METRICS = {
  predictions: {
    kind: 'counter',
    name: 'modelyard_predictions_total',
    help: 'Prediction requests answered, by variant and outcome: ok or the code of the refusal.',
    labels: ['project', 'endpoint', 'variant', 'code'],
    processes: ['gateway'],
  },
  predictionRows: {
    kind: 'counter',
    name: 'modelyard_prediction_rows_total',
    help: 'Rows predicted.',
    labels: ['project', 'endpoint', 'variant'],
    processes: ['gateway'],
  },
  predictionDuration: {
    kind: 'histogram',
    name: 'modelyard_prediction_duration_seconds',
    help: 'Time from a whole request to its whole answer, as the calling application sees it.',
    labels: ['project', 'endpoint', 'variant'],
    buckets: LATENCY_S,
    processes: ['gateway'],
  },
  gatewayRejections: {
    kind: 'counter',
    name: 'modelyard_gateway_rejections_total',
    help: 'Requests not admitted, by reason: unauthenticated, rate_limited, busy, too_large, invalid.',
    labels: ['reason'],
    processes: ['gateway'],
  },
  gatewayInflight: {
    kind: 'gauge',
    name: 'modelyard_gateway_inflight_requests',
    help: 'Prediction requests being worked on.',
    labels: [],
    processes: ['gateway'],
  },
  gatewayGeneration: {
    kind: 'gauge',
    name: 'modelyard_gateway_snapshot_generation',
    help: 'Generation of the routing snapshot in use.',
    labels: [],
    processes: ['gateway'],
  },
  gatewayContact: {
    kind: 'gauge',
    name: 'modelyard_gateway_control_plane_contact_timestamp_seconds',
    help: 'When the control plane last answered; serving goes on without it.',
    labels: [],
    processes: ['gateway'],
  },
  spoolBytes: {
    kind: 'gauge',
    name: 'modelyard_gateway_spool_bytes',
    help: 'Records on disk that the control plane has not acknowledged yet.',
    labels: [],
    processes: ['gateway'],
  },
  spoolDropped: {
    kind: 'counter',
    name: 'modelyard_gateway_spool_dropped_total',
    help: 'Records given up because the spool was full or refused by the control plane.',
    labels: ['reason'],
    processes: ['gateway'],
  },
  batchRows: {
    kind: 'histogram',
    name: 'modelyard_inference_batch_rows',
    help: 'Rows per run of a model: how well dynamic batching fills.',
    labels: ['endpoint'],
    buckets: BATCH_ROWS,
    processes: ['gateway'],
  },
  inferenceDuration: {
    kind: 'histogram',
    name: 'modelyard_inference_duration_seconds',
    help: 'Time of one run of a model in its process.',
    labels: ['endpoint', 'variant'],
    buckets: LATENCY_S,
    processes: ['gateway'],
  },
  inferenceQueue: {
    kind: 'gauge',
    name: 'modelyard_inference_queue_rows',
    help: 'Rows that wait for a model process.',
    labels: ['endpoint'],
    processes: ['gateway'],
  },
  modelProcesses: {
    kind: 'gauge',
    name: 'modelyard_model_processes',
    help: 'Model processes by state: ready, starting, quarantined.',
    labels: ['state'],
    processes: ['gateway'],
  },
  modelRestarts: {
    kind: 'counter',
    name: 'modelyard_model_process_restarts_total',
    help: 'Model processes that ended and were started again, by reason: crash, hang, memory.',
    labels: ['reason'],
    processes: ['gateway'],
  },
} as const satisfies Record<string, MetricSpec>

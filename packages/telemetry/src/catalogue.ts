/**
 * Every metric of every process. A metric that is not here does not exist: processes get theirs from this list, and
 * dashboards and alert rules are tested against it. Seconds and bytes are the units, `_total` ends a counter.
 */
import { CONTROL_PLANE_METRICS } from './catalogue/control-plane.ts'
import { GATEWAY_METRICS } from './catalogue/gateway.ts'

export { type MetricSpec, PROCESSES, type ProcessName } from './catalogue/spec.ts'

export const CATALOGUE = { ...CONTROL_PLANE_METRICS, ...GATEWAY_METRICS }
export type MetricKey = keyof typeof CATALOGUE
export const METRIC_KEYS = Object.keys(CATALOGUE) as MetricKey[]

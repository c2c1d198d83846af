/** The metrics of one process, made from the catalogue. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { CATALOGUE, METRIC_KEYS, type MetricKey, type MetricSpec, type ProcessName } from './catalogue.ts'

type Catalogue = typeof CATALOGUE
type LabelsOf<K extends MetricKey> = Catalogue[K]['labels'][number]
type Instrument<K extends MetricKey> = Catalogue[K]['kind'] extends 'counter'
  ? Counter<LabelsOf<K>>
  : Catalogue[K]['kind'] extends 'gauge'
    ? Gauge<LabelsOf<K>>
    : Histogram<LabelsOf<K>>
type KeysOf<P extends ProcessName> = {
  [K in MetricKey]: P extends Catalogue[K]['processes'][number] ? K : never
}[MetricKey]

/** A process sees its own metrics only: using another's does not compile. */
export type Metrics<P extends ProcessName> = { [K in KeysOf<P>]: Instrument<K> } & { registry: Registry }

/** `runtime`: also the standard `process_*` and `nodejs_*` metrics. */
export type MetricsConfig = { version?: string; runtime?: boolean }

/** Make the metrics of a process, in a registry of their own. */
export function createMetrics<P extends ProcessName>(process: P, config: MetricsConfig = {}): Metrics<P> {
  const registry = new Registry()
  const instruments = Object.fromEntries(
    METRIC_KEYS.filter((key) => specOf(key).processes.includes(process)).map((key) => [
      key,
      build(specOf(key), registry),
    ]),
  )
  if (config.runtime !== false) collectDefaultMetrics({ register: registry })
  const metrics = { ...instruments, registry } as unknown as Metrics<P>
  const info = instruments.buildInfo
  if (info instanceof Gauge) info.set({ process, version: config.version ?? 'unknown' }, 1)
  return metrics
}

const slot = globalThis as typeof globalThis & { modelyardMetrics?: Partial<Record<ProcessName, unknown>> }

/** The same, once per process: Next instantiates modules once per route bundle, and two registries would each miss half. */
export function sharedMetrics<P extends ProcessName>(process: P, config: MetricsConfig = {}): Metrics<P> {
  slot.modelyardMetrics ??= {}
  slot.modelyardMetrics[process] ??= createMetrics(process, config)
  return slot.modelyardMetrics[process] as Metrics<P>
}

function specOf(key: MetricKey): MetricSpec {
  return CATALOGUE[key]
}

function build(spec: MetricSpec, registry: Registry): Counter | Gauge | Histogram {
  const common = { name: spec.name, help: spec.help, labelNames: [...spec.labels], registers: [registry] }
  if (spec.kind === 'histogram') return new Histogram({ ...common, buckets: [...spec.buckets] })
  return spec.kind === 'counter' ? new Counter(common) : new Gauge(common)
}

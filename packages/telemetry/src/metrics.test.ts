import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { CATALOGUE, METRIC_KEYS, PROCESSES, type ProcessName } from './catalogue.ts'
import { createMetrics, type Metrics, sharedMetrics } from './metrics.ts'

describe('catalogue', () => {
  it('names every metric once, with units and suffixes as Prometheus asks', () => {
    const names = METRIC_KEYS.map((key) => CATALOGUE[key].name)
    expect(new Set(names).size).toBe(names.length)
    for (const key of METRIC_KEYS) {
      const { name, kind, help, processes } = CATALOGUE[key]
      expect(name).toMatch(/^modelyard_[a-z][a-z0-9_]*$/)
      expect(name.endsWith('_total')).toBe(kind === 'counter')
      expect(help.endsWith('.')).toBe(true)
      expect(processes.length).toBeGreaterThan(0)
    }
  })
})

describe('createMetrics', () => {
  it('gives each process its own metrics and nothing else', async () => {
    for (const process of PROCESSES) {
      const { registry } = createMetrics(process, { version: '1.2.3', runtime: false })
      const expected = METRIC_KEYS.filter((key) => (CATALOGUE[key].processes as readonly string[]).includes(process))
      expect(
        registry
          .getMetricsAsArray()
          .map(({ name }) => name)
          .sort(),
      ).toEqual(expected.map((key) => CATALOGUE[key].name).sort())
      expect(await registry.metrics()).toContain(`modelyard_build_info{process="${process}",version="1.2.3"} 1`)
    }
  })

  it('types labels and processes', () => {
    const metrics = createMetrics('gateway', { runtime: false })
    metrics.predictions.inc({ project: 'digits', endpoint: 'read', variant: 'r1', code: 'ok' })
    expectTypeOf<Metrics<'gateway'>>().not.toHaveProperty('jobs')
    expectTypeOf<Metrics<'worker'>>().toHaveProperty('jobs')
  })

  it('shares one set per process on the global object', () => {
    expect(sharedMetrics('console', { runtime: false })).toBe(sharedMetrics('console'))
  })

  it('adds the standard runtime metrics', () => {
    const names = createMetrics('api')
      .registry.getMetricsAsArray()
      .map(({ name }) => name)
    expect(names).toContain('process_resident_memory_bytes')
    expect(names).toContain('nodejs_eventloop_lag_p99_seconds')
  })
})

const FOLDERS: Record<ProcessName, string> = {
  api: 'apps/api/src',
  console: 'apps/console/src',
  gateway: 'apps/gateway/src',
  runner: 'runners/agent/src',
  worker: 'apps/worker/src',
}

it.each(PROCESSES)('%s writes every metric it promises', (name) => {
  const folder = join(import.meta.dirname, '../../..', FOLDERS[name])
  const files = globSync('**/*.ts', { cwd: folder }).filter((path) => !path.endsWith('.test.ts'))
  const source = files.map((path) => readFileSync(join(folder, path), 'utf8')).join('\n')
  const promised = METRIC_KEYS.filter((key) => (CATALOGUE[key].processes as readonly string[]).includes(name))
  // The one that `createMetrics` sets by itself.
  const silent = promised.filter((key) => key !== 'buildInfo' && !new RegExp(`\\b${key}\\b`).test(source))
  expect(silent).toEqual([])
})

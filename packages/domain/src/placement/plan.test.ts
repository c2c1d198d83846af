import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Fleet,
  type FleetDevice,
  type FleetRunner,
  fittingGpus,
  isFree,
  mayServe,
  type QueuedJob,
  unitsOf,
} from './fleet.ts'
import { AGING_MS, effectivePriority, type Plan, plan } from './plan.ts'
import { whyWaiting } from './why-waiting.ts'

const NOW = 10 * AGING_MS

function jobOf(over: Partial<QueuedJob> & { id: string }): QueuedJob {
  const base = { projectId: 'p1', recipe: 'softmax', priority: 0, labels: [], gpus: 0, gpuMemoryMb: 0, nodes: 1 }
  return { ...base, queuedAtMs: NOW, availableAtMs: NOW, ...over }
}

function runnerOf(over: Partial<FleetRunner> & { id: string }): FleetRunner {
  return { state: 'online', labels: [], recipes: ['softmax'], slots: 2, usedSlots: 0, devices: [], ...over }
}

const gpu = (index: number, memoryMb = 24_000, attemptId: string | null = null): FleetDevice => ({
  index,
  kind: 'nvidia',
  memoryMb,
  health: 'ok',
  attemptId,
})

function fleetOf(runners: FleetRunner[], projects: Fleet['projects'] = []): Fleet {
  return { nowMs: NOW, runners, projects }
}

const where = (result: Plan): Record<string, string[]> =>
  Object.fromEntries(result.placements.map(({ jobId, ranks }) => [jobId, ranks.map(({ runnerId }) => runnerId)]))

describe('plan', () => {
  it('gives the smallest GPU that suffices on the fullest runner', () => {
    const runners = [
      runnerOf({ id: 'big', devices: [gpu(0, 80_000), gpu(1, 80_000)] }),
      runnerOf({ id: 'small', devices: [gpu(0, 48_000), gpu(1, 16_000)] }),
      runnerOf({ id: 'busy', devices: [gpu(0, 80_000, 'att'), gpu(1, 80_000)] }),
    ]
    const result = plan([jobOf({ id: 'a', gpus: 1, gpuMemoryMb: 10_000 })], fleetOf(runners))
    expect(result.placements[0]?.ranks).toEqual([{ rank: 0, runnerId: 'busy', devices: [1] }])
    const withoutBusy = plan([jobOf({ id: 'a', gpus: 1, gpuMemoryMb: 10_000 })], fleetOf(runners.slice(0, 2)))
    expect(withoutBusy.placements[0]?.ranks[0]?.devices).toEqual([expect.any(Number)])
    const small = plan([jobOf({ id: 'a', gpus: 1, gpuMemoryMb: 10_000 })], fleetOf(runners.slice(1, 2)))
    expect(small.placements[0]?.ranks[0]?.devices).toEqual([1])
  })

  it('keeps GPU machines free of jobs without a GPU where it can, and spreads those', () => {
    const runners = [
      runnerOf({ id: 'gpu', devices: [gpu(0)] }),
      runnerOf({ id: 'x' }),
      runnerOf({ id: 'y', usedSlots: 1 }),
    ]
    const jobs = ['a', 'b', 'c', 'd', 'e'].map((id) => jobOf({ id }))
    expect(where(plan(jobs, fleetOf(runners)))).toEqual({ a: ['x'], b: ['x'], c: ['y'], d: ['gpu'], e: ['gpu'] })
  })

  it('serves priority first, then the project with least per weight, then age', () => {
    const projects = [
      { id: 'p1', weight: 1, quota: null, used: 3 },
      { id: 'p2', weight: 4, quota: null, used: 4 },
    ]
    const jobs = [
      jobOf({ id: 'j1' }),
      jobOf({ id: 'j2', projectId: 'p2' }),
      jobOf({ id: 'j3', priority: 1 }),
      jobOf({ id: 'j4', projectId: 'p2' }),
    ]
    const order = plan(jobs, fleetOf([runnerOf({ id: 'r', slots: 9 })], projects)).placements.map(({ jobId }) => jobId)
    expect(order).toEqual(['j3', 'j2', 'j4', 'j1'])
  })

  it('lets waiting raise priority', () => {
    expect(effectivePriority(jobOf({ id: 'a', queuedAtMs: NOW - 2 * AGING_MS - 1 }), NOW)).toBe(2)
    const jobs = [jobOf({ id: 'new', priority: 1 }), jobOf({ id: 'old', queuedAtMs: NOW - 2 * AGING_MS })]
    expect(where(plan(jobs, fleetOf([runnerOf({ id: 'r', slots: 1 })])))).toEqual({ old: ['r'] })
  })

  it('places a gang on distinct runners or not at all', () => {
    const runners = [runnerOf({ id: 'a', devices: [gpu(0), gpu(1)] }), runnerOf({ id: 'b', devices: [gpu(0)] })]
    const pair = jobOf({ id: 'pair', gpus: 1, nodes: 2 })
    expect(
      plan([pair], fleetOf(runners))
        .placements[0]?.ranks.map(({ runnerId }) => runnerId)
        .sort(),
    ).toEqual(['a', 'b'])
    const refused = plan([{ ...pair, nodes: 3 }], fleetOf(runners))
    expect(refused.placements).toEqual([])
    expect(refused.waiting[0]?.why.code).toBe('nodes')
  })
})

describe('whyWaiting', () => {
  const online = runnerOf({ id: 'r', labels: ['linux'], devices: [gpu(0, 16_000), gpu(1, 8_000, 'att')] })
  const quota = [{ id: 'p1', weight: 1, quota: 2, used: 2 }]
  it.each<[string, Partial<QueuedJob>, Fleet, object]>([
    ['not_yet', { availableAtMs: NOW + 4200 }, fleetOf([online]), { needs: 5, has: 0 }],
    ['quota', {}, fleetOf([online], quota), { needs: 1, has: 0 }],
    ['no_runner', {}, fleetOf([]), { needs: 1, has: 0 }],
    ['no_runner', {}, fleetOf([runnerOf({ id: 'off', state: 'offline' })]), { needs: 1, has: 0 }],
    ['recipe', { recipe: 'vit' }, fleetOf([online]), { needs: 1, has: 0 }],
    ['labels', { labels: ['linux', 'a100'] }, fleetOf([online]), { needs: 2, has: 1 }],
    ['gpu', { gpus: 1 }, fleetOf([runnerOf({ id: 'cpu' })]), { needs: 1, has: 0 }],
    ['gpu_memory', { gpus: 1, gpuMemoryMb: 20_000 }, fleetOf([online]), { needs: 20_000, has: 16_000 }],
    ['gpu_count', { gpus: 4 }, fleetOf([online]), { needs: 4, has: 2 }],
    ['slots', {}, fleetOf([runnerOf({ id: 'none', slots: 0 })]), { needs: 1, has: 0 }],
    ['nodes', { nodes: 2 }, fleetOf([online]), { needs: 2, has: 1 }],
    ['busy', { gpus: 2 }, fleetOf([online]), { needs: 1, has: 0 }],
    ['busy', {}, fleetOf([{ ...online, usedSlots: 2 }]), { needs: 1, has: 0 }],
    ['next_round', {}, fleetOf([online]), { needs: 1, has: 1 }],
  ])('says %s for %o', (code, over, fleet, numbers) => {
    const why = whyWaiting(jobOf({ id: 'j', ...over }), fleet)
    expect(why).toMatchObject({ code, numbers })
    expect(why.message).toMatch(/\w/)
  })

  it('names the labels that the nearest runner lacks', () => {
    const runners = [online, runnerOf({ id: 'far', labels: [] })]
    expect(whyWaiting(jobOf({ id: 'j', labels: ['linux', 'a100'] }), fleetOf(runners)).message).toContain('a100')
  })
})

const labels = fc.subarray(['linux', 'fast', 'eu'])
const devices = fc
  .array(fc.tuple(fc.constantFrom(8_000, 24_000, 80_000), fc.boolean(), fc.constantFrom('ok', 'ok', 'ok', 'bad')), {
    maxLength: 4,
  })
  .map((list) =>
    list.map(([memoryMb, taken, health], index): FleetDevice => {
      return { index, kind: 'nvidia', memoryMb, health: health as 'ok' | 'bad', attemptId: taken ? 'att' : null }
    }),
  )
const runners = fc
  .array(
    fc.record({ labels, devices, slots: fc.nat(3), state: fc.constantFrom('online', 'online', 'offline', 'draining') }),
    {
      maxLength: 5,
    },
  )
  .map((list) => list.map((one, index) => runnerOf({ ...one, id: `r${index}`, state: one.state as 'online' })))
const jobs = fc
  .array(
    fc.record({
      projectId: fc.constantFrom('p1', 'p2'),
      priority: fc.integer({ min: -2, max: 2 }),
      labels,
      gpus: fc.nat(3),
      gpuMemoryMb: fc.constantFrom(0, 8_000, 24_000),
      nodes: fc.integer({ min: 1, max: 3 }),
      queuedAtMs: fc.integer({ min: 0, max: NOW }),
      availableAtMs: fc.constantFrom(NOW - 1, NOW, NOW + 1),
    }),
    { maxLength: 12 },
  )
  .map((list) => list.map((one, index) => jobOf({ ...one, id: `j${String(index).padStart(2, '0')}` })))
const projects = fc
  .tuple(fc.option(fc.nat(6)), fc.nat(3), fc.integer({ min: 1, max: 4 }))
  .map(([quota, used, weight]) => [
    { id: 'p1', weight, quota, used },
    { id: 'p2', weight: 1, quota: null, used: 0 },
  ])

/** The fleet after a plan, for asking what is left. */
function fleetAfter(fleet: Fleet, result: Plan, byId: ReadonlyMap<string, QueuedJob>): Fleet {
  const taken = new Set(
    result.placements.flatMap(({ ranks }) =>
      ranks.flatMap((rank) => rank.devices.map((index) => `${rank.runnerId}/${index}`)),
    ),
  )
  const slots = result.placements.flatMap(({ ranks }) =>
    ranks.filter((rank) => rank.devices.length === 0).map(({ runnerId }) => runnerId),
  )
  const used = (id: string): number =>
    result.placements
      .filter(({ projectId }) => projectId === id)
      .reduce((sum, { jobId }) => sum + unitsOf(byId.get(jobId) as QueuedJob), 0)
  return {
    nowMs: fleet.nowMs,
    runners: fleet.runners.map((runner) => ({
      ...runner,
      usedSlots: runner.usedSlots + slots.filter((id) => id === runner.id).length,
      devices: runner.devices.map((device) =>
        taken.has(`${runner.id}/${device.index}`) ? { ...device, attemptId: 'new' } : device,
      ),
    })),
    projects: fleet.projects.map((project) => ({ ...project, used: project.used + used(project.id) })),
  }
}

describe('every plan', () => {
  const scenario = fc.record({ jobs, runners, projects })
  const check = (property: (queue: QueuedJob[], fleet: Fleet, result: Plan) => void): void => {
    fc.assert(
      fc.property(scenario, (facts) => {
        const fleet = fleetOf(facts.runners, facts.projects)
        property(facts.jobs, fleet, plan(facts.jobs, fleet))
      }),
      { numRuns: 200 },
    )
  }

  it('answers for each job once, and gives no device and no slot twice', () => {
    check((queue, fleet, result) => {
      const answered = [...result.placements.map(({ jobId }) => jobId), ...result.waiting.map(({ jobId }) => jobId)]
      expect(answered.sort()).toEqual(queue.map(({ id }) => id).sort())
      const given = result.placements.flatMap(({ ranks }) =>
        ranks.flatMap((rank) => rank.devices.map((index) => `${rank.runnerId}/${index}`)),
      )
      expect(new Set(given).size).toBe(given.length)
      const left = fleetAfter(fleet, result, new Map(queue.map((job) => [job.id, job])))
      for (const runner of left.runners) expect(runner.usedSlots).toBeLessThanOrEqual(Math.max(runner.slots, 0))
    })
  })

  it('respects labels, memory, health, readiness and quota, and keeps gangs whole on distinct runners', () => {
    check((queue, fleet, result) => {
      const byId = new Map(queue.map((job) => [job.id, job]))
      for (const { jobId, ranks } of result.placements) {
        const job = byId.get(jobId) as QueuedJob
        expect(job.availableAtMs).toBeLessThanOrEqual(NOW)
        expect(new Set(ranks.map(({ runnerId }) => runnerId)).size).toBe(job.nodes)
        for (const rank of ranks) {
          const runner = fleet.runners.find(({ id }) => id === rank.runnerId) as FleetRunner
          expect(mayServe(runner, job)).toBe(true)
          expect(rank.devices).toHaveLength(job.gpus)
          const usable = fittingGpus(runner, job)
            .filter(isFree)
            .map(({ index }) => index)
          expect(usable).toEqual(expect.arrayContaining(rank.devices))
        }
      }
      for (const { quota, used, id } of fleetAfter(fleet, result, byId).projects) {
        const before = fleet.projects.find((project) => project.id === id)?.used ?? 0
        if (quota !== null && used > before) expect(used).toBeLessThanOrEqual(quota)
      }
    })
  })

  it('leaves no job waiting that what is left could serve', () => {
    check((queue, fleet, result) => {
      const byId = new Map(queue.map((job) => [job.id, job]))
      const left = fleetAfter(fleet, result, byId)
      const still = result.waiting.map(({ jobId }) => byId.get(jobId) as QueuedJob)
      expect(plan(still, left).placements).toEqual([])
      for (const { why } of result.waiting) expect(why.code).not.toBe('next_round')
    })
  })
})

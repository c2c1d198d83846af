import { expect, test } from '@playwright/test'
import { apiOf } from './api.ts'
import { Command, dataFolder, lives, removeFolder } from './stack.ts'

const READY = /Modelyard is ready/

test('a start finds its data again, also after everything was killed; an occupied port is named and avoided', async () => {
  const dataDir = dataFolder()
  const project = {
    slug: 'kept',
    name: 'Kept',
    task: 'binary' as const,
    kpis: [],
    idempotencyKey: 'made-before-the-crash',
  }
  let stack = new Command({ command: 'start', dataDir, portBase: 14_800 })
  const second = dataFolder()
  let beside: Command | null = null
  try {
    await stack.line(READY, 300_000)
    const first = stack.ready
    const made = await apiOf(first).account.createProject.mutate(project)
    beside = new Command({ command: 'start', dataDir: second, portBase: 14_800 })
    await beside.line(READY, 300_000)
    expect(beside.output).toMatch(/port 14801 is taken/)
    expect(beside.ready.apiUrl).not.toBe(first.apiUrl)
    expect(await beside.interrupt()).toBe(0)
    const pids = Object.values(first.pids)
    for (const pid of pids) process.kill(pid, 'SIGKILL')
    await expect.poll(() => pids.filter(lives)).toEqual([])
    await stack.end()

    stack = new Command({ command: 'start', dataDir, portBase: 14_800 })
    await stack.line(READY, 300_000)
    expect(stack.output).not.toContain(first.adminPassword)
    expect(await apiOf(stack.ready).account.createProject.mutate(project)).toEqual(made)
    const again = Object.values(stack.ready.pids)
    expect(await stack.interrupt()).toBe(0)
    expect(again.filter(lives)).toEqual([])
  } finally {
    await beside?.close()
    await stack.close()
    removeFolder(dataDir)
    removeFolder(second)
  }
})

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@playwright/test'
import { apiOf, expectWholeStory, STORY_END } from './api.ts'
import { Command, dataFolder, lives, removeFolder } from './stack.ts'

/** During which step which process dies. The model process is a child of the gateway's. */
const BLOWS: readonly { after: RegExp; victim: string; delayMs: number }[] = [
  { after: /demo {2}1\. project/, victim: 'api', delayMs: 50 },
  { after: /demo {2}2\. dataset/, victim: 'agent', delayMs: 1500 },
  { after: /demo {2}3\. training/, victim: 'gateway', delayMs: 1500 },
  { after: /demo {2}4\. endpoint/, victim: 'worker', delayMs: 3000 },
  { after: /demo {2}5\. bad canary/, victim: 'postgres', delayMs: 2000 },
  { after: /demo {2}6\. good canary/, victim: 'model process', delayMs: 1000 },
]

test('every process is killed once during the story, which ends whole all the same', async () => {
  const dataDir = dataFolder()
  const demo = new Command({ command: 'demo', dataDir, portBase: 14_700 })
  try {
    for (const { after, victim, delayMs } of BLOWS) {
      await demo.line(after, 400_000)
      await sleep(delayMs)
      const pid =
        victim === 'model process' ? await childOf(demo.ready.pids.gateway ?? 0) : (demo.ready.pids[victim] ?? 0)
      expect(pid, `${victim} is running`).toBeGreaterThan(1)
      process.kill(pid, 'SIGKILL')
      await expect.poll(() => lives(pid), { message: `${victim} is dead` }).toBe(false)
    }
    await demo.line(STORY_END, 400_000)
    expect(await expectWholeStory(apiOf(demo.ready))).toEqual([])
    const pids = Object.values(demo.ready.pids)
    expect(await demo.interrupt()).toBe(0)
    expect(pids.filter(lives)).toEqual([])
  } finally {
    await demo.close()
    removeFolder(dataDir)
  }
})

/** A process that the given one started. */
async function childOf(pid: number): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return Number(children.trim().split(' ')[0])
}

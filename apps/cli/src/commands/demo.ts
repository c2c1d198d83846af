import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parseStackArguments } from '../arguments.ts'
import { Receiver } from '../demo/receiver.ts'
import { type Told, tellStory } from '../demo/story.ts'
import type { Stack } from '../stack/stack.ts'
import { openSession, printAddresses, type Session } from './start.ts'

const MB = 1024 * 1024
/** Caches and prepared statements settle in this time; memory before it is not idle memory. */
const SETTLE_MS = 5_000

/** Start everything, tell the story, and leave the console open; with `--once` stop, exit 0 only if every step did what it says. */
export async function demo(args: readonly string[]): Promise<number> {
  const { once, ...stackArguments } = parseStackArguments(args, ['once'])
  const receiver = await Receiver.open()
  try {
    const session = await openSession(stackArguments, { mode: 'bundled', webhookAllow: [receiver.address] })
    if (!session) return 130
    return await tellAndLeave(session, { receiver, once })
  } finally {
    await receiver.close()
  }
}

async function tellAndLeave(
  session: Session,
  { receiver, once }: { receiver: Receiver; once: boolean },
): Promise<number> {
  const { stack, interrupted, signal } = session
  const { log, ready } = stack
  const say = (line: string) => log.show([`demo  ${line}`])
  // A line a step is what this is about; what the processes say goes on in their files.
  log.quieten(Object.keys(ready.pids))
  say(`the story begins; the processes write to ${stack.facts.dataDir}/logs meanwhile`)
  try {
    // A person who interrupts does not wait for the step to end.
    const given = interrupted.then(() => Promise.reject(signal.reason))
    const told = await Promise.race([
      tellStory({ ...ready, commit: stack.facts.commit ?? '', receiver, say, signal }),
      given,
    ])
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
    collectGarbage()
    say(ending(stack, told))
    log.quieten([])
    if (!once) {
      printAddresses(stack)
      await interrupted
    }
    return 0
  } catch (error) {
    if (signal.aborted) return 130
    say(error instanceof Error ? error.message : String(error))
    for (const name of Object.keys(ready.pids)) {
      log.show(log.tail(name, 5).map((line) => `demo  ${name}: ${line}`))
    }
    return 1
  } finally {
    await stack.stop()
  }
}

function ending(stack: Stack, { project, seconds, sent, failed }: Told): string {
  const memory = stack.memory()
  const each = Object.entries(memory).map(([name, bytes]) => `${name} ${Math.round(bytes / MB)}`)
  const total = Object.values(memory).reduce((sum, bytes) => sum + bytes, 0)
  return `the story is told in ${seconds.toFixed(0)} s: project ${project}; since the last rollout ${sent} scans answered, ${failed} failed; memory of all processes together ${Math.round(total / MB)} MB (${each.join(', ')})`
}

/** The story ran in this process; what it left behind is not what the product needs when idle. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}

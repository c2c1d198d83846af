import { setTimeout as sleep } from 'node:timers/promises'
import type { Api } from './client.ts'
import type { Scan } from './digits.ts'

type Answer = { predictions: { id: string; label: string; score: number }[]; modelVersion: number; variant: number }
type Tally = { answered: number; right: number }
export type Target = { gatewayUrl: string; key: string; project: string; endpoint: string }

const PER_SECOND = 120
const TICK_MS = 25
const FEEDBACK_EVERY_MS = 300
const MAX_IN_FLIGHT = 64

/** Calling applications: one scan a request, and the true digit some moments later as feedback. */
export class Traffic {
  /** By variant number, since the last `reset`. */
  readonly tally = new Map<number, Tally>()
  failed = 0
  sent = 0
  /** What the sensor does to a scan on its way in. */
  sensor: (pixels: readonly number[]) => readonly number[] = (pixels) => pixels
  readonly #api: Api
  readonly #target: Target
  readonly #scans: readonly Scan[]
  #truths: { predictionId: string; label: string }[] = []
  #stopped = false
  #inFlight = new Set<Promise<void>>()
  #loops: Promise<void>[] = []
  #next = 0

  constructor(args: { api: Api; target: Target; scans: readonly Scan[] }) {
    this.#api = args.api
    this.#target = args.target
    this.#scans = args.scans
  }

  start(): void {
    this.#loops = [this.#send(), this.#teach()]
  }

  reset(): void {
    this.tally.clear()
    this.failed = 0
    this.sent = 0
  }

  /** Share of right answers of one variant in percent, and how many there were. */
  accuracy(variant: number): { percent: number; answered: number } {
    const { answered, right } = this.tally.get(variant) ?? { answered: 0, right: 0 }
    return { percent: answered === 0 ? Number.NaN : (100 * right) / answered, answered }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all([...this.#loops, ...this.#inFlight])
    await this.#flush()
  }

  async #send(): Promise<void> {
    const started = performance.now()
    let due = 0
    while (!this.#stopped) {
      due = Math.min(due + 2 * PER_SECOND, Math.floor(((performance.now() - started) / 1000) * PER_SECOND))
      while (this.#next < due && this.#inFlight.size < MAX_IN_FLIGHT) this.#one(this.#next++)
      // Whoever falls behind does not catch up in a burst: calling applications do not either.
      if (due - this.#next > PER_SECOND) this.#next = due
      await sleep(TICK_MS)
    }
  }

  #one(index: number): void {
    const scan = this.#scans[index % this.#scans.length]
    if (!scan) return
    const call = this.#predict(scan, `${this.#target.endpoint}-${index}`).catch(() => {
      this.failed++
    })
    this.#inFlight.add(call)
    void call.finally(() => this.#inFlight.delete(call))
  }

  async #predict(scan: Scan, key: string): Promise<void> {
    const { answer, predicted } = await ask(this.#target, { pixels: this.sensor(scan.pixels), key })
    this.sent++
    const tally = this.tally.get(answer.variant) ?? { answered: 0, right: 0 }
    tally.answered++
    if (predicted.label === scan.label) tally.right++
    this.tally.set(answer.variant, tally)
    this.#truths.push({ predictionId: predicted.id, label: scan.label })
  }

  async #teach(): Promise<void> {
    while (!this.#stopped) {
      await sleep(FEEDBACK_EVERY_MS)
      await this.#flush()
    }
  }

  async #flush(): Promise<void> {
    while (this.#truths.length > 0) {
      const items = this.#truths.splice(0, 500)
      const { refused } = await this.#api.trpc.predictions.recordFeedback.mutate({
        project: this.#target.project,
        items,
      })
      if (refused.length > 0) throw new Error(`feedback was refused: ${refused[0]?.reason}`)
    }
  }
}

/** One prediction. */
export async function ask(target: Target, input: { pixels: readonly number[]; key?: string }) {
  const response = await fetch(`${target.gatewayUrl}/${target.project}/${target.endpoint}/predict`, {
    method: 'POST',
    headers: { authorization: `Bearer ${target.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ instances: [input.pixels], ...(input.key === undefined ? {} : { key: input.key }) }),
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new Error(`the gateway answered ${response.status}: ${(await response.text()).slice(0, 300)}`)
  const answer = (await response.json()) as Answer
  const predicted = answer.predictions[0]
  if (!predicted) throw new Error('the gateway answered without a prediction')
  return { answer, predicted }
}

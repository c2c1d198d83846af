import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { readable } from './readable.ts'

const COLOURS = [36, 32, 35, 33, 34, 96, 92, 95]
const WIDTH = 9
// Its failure is reported with its last lines; its table of routes is for nobody at a terminal.
const ALWAYS_QUIET: ReadonlySet<string> = new Set(['build'])
const KEEP_BYTES = 20_000_000

/** Lines of several processes on one terminal, each also in its own file under `<data>/logs`. */
export class Log {
  readonly #folder: string
  readonly #colour: boolean
  readonly #files = new Map<string, { fd: number; bytes: number }>()
  readonly #latest = new Map<string, string[]>()
  #quiet: ReadonlySet<string> = ALWAYS_QUIET

  constructor(options: { dataDir: string; colour: boolean }) {
    this.#folder = join(options.dataDir, 'logs')
    this.#colour = options.colour
    mkdirSync(this.#folder, { recursive: true })
    // A reader that went away (`npm start | head`) is no reason to die without stopping the children.
    process.stdout.on('error', () => undefined)
  }

  /** These sources go on writing to their files, but not to the terminal. */
  quieten(sources: Iterable<string>): void {
    this.#quiet = new Set([...ALWAYS_QUIET, ...sources])
  }

  /** One line of the supervisor itself. */
  say(text: string): void {
    this.line('yard', text)
  }

  /** Lines for the person at the terminal only, never for a file. */
  show(lines: readonly string[]): void {
    if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`)
  }

  line(source: string, text: string): void {
    this.#keep(source, `${new Date().toISOString()} ${text}\n`)
    const latest = this.#latest.get(source) ?? []
    this.#latest.set(source, [...latest.slice(-19), text])
    if (!this.#quiet.has(source)) process.stdout.write(`${this.#prefix(source)} ${readable(text, true)}\n`)
  }

  /** Takes every line of a stream until it ends. */
  follow(source: string, stream: Readable): void {
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (text) => {
      if (text.trim() !== '') this.line(source, text)
    })
  }

  /** The last lines of a source, to be shown when it failed. */
  tail(source: string, count = 20): string[] {
    return (this.#latest.get(source) ?? []).slice(-count).map((text) => readable(text))
  }

  #prefix(source: string): string {
    const plain = `${source.padEnd(WIDTH)}│`
    if (!this.#colour) return plain
    const sum = [...source].reduce((total, letter) => total + letter.charCodeAt(0), 0)
    return `\u001b[${COLOURS[sum % COLOURS.length]}m${plain}\u001b[0m`
  }

  #keep(source: string, line: string): void {
    const path = join(this.#folder, `${source}.log`)
    let file = this.#files.get(source)
    if (file && file.bytes > KEEP_BYTES) {
      closeSync(file.fd)
      renameSync(path, `${path}.1`)
      file = undefined
    }
    file ??= { fd: openSync(path, 'a', 0o600), bytes: existsSync(path) ? statSync(path).size : 0 }
    file.bytes += writeSync(file.fd, line)
    this.#files.set(source, file)
  }
}

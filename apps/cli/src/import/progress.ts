const LINE_MS = 5_000
const REDRAW_MS = 200

export type Progress = {
  /** What is being done now. */
  phase: (name: string) => void
  /** Something more of it is done. */
  done: (what: 'runs' | 'points' | 'files' | 'bytes' | 'versions', count?: number) => void
  /** A line that stays. */
  say: (line: string) => void
  close: () => void
}

/** Names come from the other server; its control characters must not reach the terminal. */
const printable = (text: string) => text.replaceAll(/\p{Cc}/gu, '\u{fffd}')

type Out = { write: (text: string) => unknown; isTerminal: boolean; now: () => number }

/** On a terminal one line that is drawn again; elsewhere a line every few seconds. */
export function showProgress(out: Out): Progress {
  const counts = { runs: 0, points: 0, files: 0, bytes: 0, versions: 0 }
  let phase = ''
  let shownMs = Number.NEGATIVE_INFINITY
  let isDrawn = false
  const text = () => {
    const { runs, points, files, bytes, versions } = counts
    const size = `${(bytes / 1_000_000).toFixed(1)} MB`
    return `${phase}: ${runs} runs, ${points} points, ${files} files (${size}), ${versions} versions`
  }
  const clear = () => {
    if (isDrawn) out.write('\r\u001b[K')
    isDrawn = false
  }
  const show = (isDue: boolean) => {
    const now = out.now()
    if (!isDue && now - shownMs < (out.isTerminal ? REDRAW_MS : LINE_MS)) return
    shownMs = now
    clear()
    out.write(out.isTerminal ? text() : `${text()}\n`)
    isDrawn = out.isTerminal
  }
  return {
    phase: (name) => {
      phase = printable(name)
      show(true)
    },
    done: (what, count = 1) => {
      counts[what] += count
      show(false)
    },
    say: (line) => {
      clear()
      out.write(`${printable(line)}\n`)
    },
    close: clear,
  }
}

'use client'
import { type ReactNode, type UIEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from './button.tsx'
import { cn } from './cn.ts'

export type LogLine = { id: string; text: string; stream: 'stdout' | 'stderr' }
export type LogViewLabels = {
  region: string
  find: string
  follow: string
  following: string
  wrap: string
  empty: string
  matches: (count: number) => string
}

// Control sequences are dropped, not interpreted: a log is foreign text and stays text.
const ansi = new RegExp(
  `${String.fromCharCode(27)}(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^${String.fromCharCode(7)}]*(?:${String.fromCharCode(7)}|$))`,
  'g',
)

/** Within this distance of the end the reader counts as following. */
const FOLLOW_PX = 40

function useClean(lines: LogLine[]): LogLine[] {
  return useMemo(() => lines.map((line) => ({ ...line, text: line.text.replace(ansi, '') })), [lines])
}

function useFound(lines: LogLine[], find: string): LogLine[] {
  return useMemo(() => {
    const words = find.toLowerCase()
    return words === '' ? lines : lines.filter((line) => line.text.toLowerCase().includes(words))
  }, [lines, find])
}

/** A log that follows its end until the reader scrolls up; `find` keeps the lines that contain the words. */
export function LogView({ lines, labels, toolbar }: { lines: LogLine[]; labels: LogViewLabels; toolbar?: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const [follow, setFollow] = useState(true)
  const [wrap, setWrap] = useState(true)
  const [find, setFind] = useState('')
  const clean = useClean(lines)
  const shown = useFound(clean, find)
  useEffect(() => {
    if (follow && shown.length > 0 && box.current !== null) box.current.scrollTop = box.current.scrollHeight
  }, [follow, shown])
  const onScroll = useCallback((event: UIEvent<HTMLDivElement>) => {
    const { scrollHeight, scrollTop, clientHeight } = event.currentTarget
    setFollow(scrollHeight - scrollTop - clientHeight < FOLLOW_PX)
  }, [])
  return (
    <div className="min-w-0">
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2">
        <input
          type="search"
          value={find}
          onChange={(event) => setFind(event.target.value)}
          aria-label={labels.find}
          placeholder={labels.find}
          className="block min-h-8 min-w-0 flex-1 rounded-md border border-line bg-bg px-2.5 text-sm placeholder:text-ink-3 md:max-w-64"
        />
        {find !== '' && <span className="num text-ink-3 text-xs">{labels.matches(shown.length)}</span>}
        <span className="ml-auto flex items-center gap-2">
          <Button size="sm" variant="ghost" aria-pressed={wrap} onClick={() => setWrap(!wrap)}>
            {labels.wrap}
          </Button>
          <Button
            size="sm"
            variant={follow ? 'secondary' : 'primary'}
            aria-pressed={follow}
            onClick={() => setFollow(!follow)}
          >
            {follow ? labels.following : labels.follow}
          </Button>
          {toolbar}
        </span>
      </div>
      <div
        ref={box}
        role="log"
        aria-label={labels.region}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
        className="h-96 overflow-auto overscroll-contain bg-bg py-2"
      >
        {shown.length === 0 && <p className="px-4 py-2 text-ink-3 text-sm">{labels.empty}</p>}
        {shown.map((line) => (
          <LogRow key={line.id} line={line} wrap={wrap} />
        ))}
      </div>
    </div>
  )
}

function LogRow({ line, wrap }: { line: LogLine; wrap: boolean }) {
  return (
    <div
      className={cn(
        'mono px-4 leading-5',
        wrap ? 'whitespace-pre-wrap [overflow-wrap:anywhere]' : 'w-max min-w-full whitespace-pre',
        line.stream === 'stderr' && 'bg-warn-soft/60 text-warn',
      )}
    >
      {line.text === '' ? ' ' : line.text}
    </div>
  )
}

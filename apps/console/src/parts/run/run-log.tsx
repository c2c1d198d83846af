'use client'
import type { LogWindow } from '@modelyard/contracts'
import { type LogLine, LogView } from '@modelyard/ui/log-view'
import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { api } from '../../live/client.ts'
import { useLive } from '../../live/provider.tsx'

const READ_MS = 1_000
/** The page keeps this much of a log's end. */
const KEEP_CHARS = 400_000

type Tail = { text: string; next: number; totalBytes: number; ended: boolean }

function tailOf(window: LogWindow, before = ''): Tail {
  return {
    text: (before + window.text).slice(-KEEP_CHARS),
    next: window.offset + byteLength(window.text),
    totalBytes: window.totalBytes,
    ended: window.ended,
  }
}

/** Follows a log by offset: every byte once, in order, until the attempt has ended and all of it is here. */
function useLog({ project, runId, initial }: Props): Tail {
  const { paused } = useLive()
  const [tail, setTail] = useState(() => tailOf(initial))
  const latest = useRef(tail)
  const done = tail.ended && tail.next >= tail.totalBytes
  useEffect(() => {
    if (done || paused) return
    let reading = false
    const read = async () => {
      if (reading || document.hidden) return
      reading = true
      const window = await api.jobs.log.query({ project, runId, offset: latest.current.next }).catch(() => null)
      reading = false
      if (window === null) return
      latest.current = tailOf(window, latest.current.text)
      setTail(latest.current)
    }
    const clock = setInterval(() => void read(), READ_MS)
    return () => clearInterval(clock)
  }, [project, runId, done, paused])
  return tail
}

type Props = { project: string; runId: string; initial: LogWindow }

function byteLength(text: string): number {
  return new TextEncoder().encode(text).byteLength
}

function toLines(text: string): LogLine[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line, index) => ({ id: String(index), text: line, stream: 'stdout' }))
}

export function RunLog(props: Props) {
  const t = useTranslations('client.log')
  const format = useFormat()
  const { text, totalBytes, ended } = useLog(props)
  const lines = useMemo(() => toLines(text), [text])
  return (
    <LogView
      lines={lines}
      labels={{
        region: t('region'),
        find: t('find'),
        follow: t('follow'),
        following: t('following'),
        wrap: t('wrap'),
        empty: ended ? t('empty') : t('waiting'),
        matches: (count) => t('matches', { count }),
      }}
      toolbar={<span className="num text-ink-3 text-xs">{format.bytes(totalBytes)}</span>}
    />
  )
}

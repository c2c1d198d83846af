'use client'
import type { RunCount, RunRow, RunsView } from '@modelyard/contracts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from '../../live/client.ts'
import { useFresh } from '../../live/use-fresh.ts'
import { loggedColumns } from './columns.ts'
import { type Fault, faultOf } from './fault.ts'
import { questionOf } from './view-params.ts'

/** Rows in sight are read again at most this often, however fast their runs log. */
const FRESH_MS = 500
/** Of the rows that changed since; more would be a page of its own. */
const MAX_FRESH = 200

export type RunPages = { rows: RunRow[]; cursor: string | null; count: RunCount }
type Loaded = RunPages & { question: string }
const NOTHING: Loaded = { rows: [], cursor: null, count: { total: 0, running: 0 }, question: '' }

/** What a table asks for: everything in its view that changes rows or their order. */
const questionKey = (view: RunsView, columns: readonly string[]) =>
  JSON.stringify([view.q, view.sort, view.experiment, view.shown, loggedColumns(columns)])

/**
 * The rows of a view, page by page. Rows that are loaded change in place and never move; runs that came later are
 * counted in `newer` until they are asked for.
 */
export function useRunRows(args: { project: string; view: RunsView; columns: string[]; initial: RunPages | null }) {
  const { project, view, columns } = args
  const question = questionKey(view, columns)
  const [loaded, setLoaded] = useState<Loaded>(() => (args.initial === null ? NOTHING : { ...args.initial, question }))
  const [fault, setFault] = useState<Fault | null>(null)
  const [newer, setNewer] = useState(0)
  const loading = useRef(false)
  const asked = { ...questionOf(project, view), sort: view.sort, columns: loggedColumns(columns) }
  const latest = useRef({ asked, question, loaded })
  latest.current = { asked, question, loaded }

  const load = useCallback(async (read: (before: Loaded) => Promise<RunPages>) => {
    const { question: key, loaded: before } = latest.current
    loading.current = true
    try {
      const pages = await read(before)
      if (latest.current.question !== key) return
      setLoaded({ ...pages, question: key })
      setFault(null)
    } catch (error) {
      if (latest.current.question === key) setFault(faultOf(error))
    } finally {
      loading.current = false
    }
  }, [])
  const reload = useCallback(() => {
    const { sort, columns: wanted, ...counted } = latest.current.asked
    return load(async () => {
      const [page, count] = await Promise.all([
        api.runs.rows.query({ ...counted, sort, columns: wanted }),
        api.runs.count.query(counted),
      ])
      setNewer(0)
      return { rows: page.items, cursor: page.nextCursor, count }
    })
  }, [load])
  const loadMore = useCallback(() => {
    const { asked: input, question: key, loaded: now } = latest.current
    const { cursor } = now
    if (loading.current || cursor === null || now.question !== key) return
    void load(async (before) => {
      const page = await api.runs.rows.query({ ...input, cursor })
      // What changed in place while the page was on its way stays changed.
      return { rows: [...latest.current.loaded.rows, ...page.items], cursor: page.nextCursor, count: before.count }
    })
  }, [load])
  useEffect(() => {
    if (question !== latest.current.loaded.question) void reload()
    else setFault(null)
  }, [question, reload])
  useFreshRows(latest, { setLoaded, setNewer })
  return { ...loaded, stale: loaded.question !== question && fault === null, fault, newer, loadMore, reload }
}

type Latest = {
  current: {
    asked: ReturnType<typeof questionOf> & { sort: string; columns: string[] }
    question: string
    loaded: Loaded
  }
}

/** Listens to changes: the loaded rows among them are read again in place, the others only counted. */
function useFreshRows(
  latest: Latest,
  {
    setLoaded,
    setNewer,
  }: { setLoaded: (change: (loaded: Loaded) => Loaded) => void; setNewer: (newer: number) => void },
): void {
  const changed = useRef({ ids: new Set<string>(), all: false })
  const read = async () => {
    const { asked, question, loaded } = latest.current
    const { ids, all } = changed.current
    changed.current = { ids: new Set(), all: false }
    const known = loaded.rows.map(({ id }) => id)
    const wanted = (all ? known : known.filter((id) => ids.has(id))).slice(0, MAX_FRESH)
    const { sort: _sort, columns, ...counted } = asked
    const [rows, count] = await Promise.all([
      wanted.length === 0 ? [] : api.runs.readRows.query({ project: asked.project, runIds: wanted, columns }),
      api.runs.count.query(counted),
    ])
    if (latest.current.question !== question) return
    const fresh = new Map(rows.map((row) => [row.id, row]))
    setLoaded((now) => ({
      ...now,
      rows: fresh.size === 0 ? now.rows : now.rows.map((row) => fresh.get(row.id) ?? row),
      count: { total: now.count.total, running: count.running },
    }))
    setNewer(Math.max(0, count.total - latest.current.loaded.count.total))
  }
  useFresh({
    gapMs: FRESH_MS,
    concerns: ({ noun, id }) => {
      if (noun === 'all') changed.current.all = true
      if (noun === 'run') changed.current.ids.add(id)
      return noun === 'all' || noun === 'run'
    },
    read,
  })
}

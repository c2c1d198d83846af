'use client'
import type { RunsView } from '@modelyard/contracts'
import { useCallback, useRef, useState } from 'react'
import { api } from '../../live/client.ts'
import type { ChangeAddress } from './use-runs-address.ts'
import { MAX_SELECTED, questionOf } from './view-params.ts'

/** As many as are changed at once. */
export const MOST_CHANGED = 1_000
const PAGE = 200

export type Selection = {
  ids: readonly string[]
  pick: (ids: readonly string[], on: boolean) => void
  clear: () => void
  /** Selects what the view holds for, the first thousand of it. */
  pickAll: (project: string, view: RunsView) => Promise<void>
}

/**
 * What is selected. As many as are compared stand in the address, so that a link shows them; more would be no address
 * any more and are kept by the page alone.
 */
export function useSelection(selected: readonly string[], change: ChangeAddress): Selection {
  const [many, setMany] = useState<readonly string[] | null>(null)
  const ids = many ?? selected
  const latest = useRef(ids)
  latest.current = ids
  const set = useCallback(
    (next: readonly string[]) => {
      const kept = [...new Set(next)].slice(0, MOST_CHANGED)
      const fits = kept.length <= MAX_SELECTED
      latest.current = kept
      setMany(fits ? null : kept)
      change({ selected: fits ? kept : [] }, 'replace')
    },
    [change],
  )
  const pick = useCallback(
    (picked: readonly string[], on: boolean) => {
      const chosen = new Set(picked)
      const others = latest.current.filter((id) => !chosen.has(id))
      set(on ? [...others, ...picked] : others)
    },
    [set],
  )
  const clear = useCallback(() => set([]), [set])
  const pickAll = useCallback(async (project: string, view: RunsView) => set(await idsOf(project, view)), [set])
  return { ids, pick, clear, pickAll }
}

async function idsOf(project: string, view: RunsView): Promise<string[]> {
  const found: string[] = []
  let cursor: string | null | undefined
  while (cursor !== null && found.length < MOST_CHANGED) {
    const asked = { ...questionOf(project, view), sort: view.sort, columns: [], limit: PAGE }
    const page = await api.runs.rows.query({ ...asked, ...(cursor === undefined ? {} : { cursor }) })
    found.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  }
  return found
}

/** How many of these runs are in which state, as they are now. */
export async function statesOf(project: string, ids: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (let from = 0; from < ids.length; from += PAGE) {
    const rows = await api.runs.readRows.query({ project, runIds: ids.slice(from, from + PAGE), columns: [] })
    for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1)
  }
  return counts
}

'use client'
import type { DataTableLabels, TableView } from '@modelyard/ui/data-table'
import { useTranslations } from 'next-intl'
import { useCallback, useMemo } from 'react'
import { setOrDrop } from './set-or-drop.ts'
import { useAddress } from './use-address.ts'

/** A table's filter and order in the address, so that a link shows what its sender saw. */
export function useTableView(defaultSort = ''): {
  view: TableView
  onView: (view: TableView) => void
  labels: DataTableLabels
} {
  const { search, change } = useAddress()
  const t = useTranslations('client.table')
  const q = search.get('q') ?? ''
  const sort = search.get('sort') ?? defaultSort
  const onView = useCallback(
    (next: TableView) =>
      change((now) => {
        // Only what the table meant to change: the other half may be newer than what it drew.
        if (next.q !== q) setOrDrop(now, 'q', next.q)
        if (next.sort !== sort) setOrDrop(now, 'sort', next.sort === defaultSort ? '' : next.sort)
      }),
    [change, q, sort, defaultSort],
  )
  const labels = useMemo(
    () => ({
      filter: t('filter'),
      clear: t('clear'),
      count: (shown: number, total: number) => t('count', { shown, total }),
      filteredEmpty: (shown: number, total: number) => t('filteredEmpty', { shown, total }),
    }),
    [t],
  )
  return { view: { q, sort }, onView, labels }
}

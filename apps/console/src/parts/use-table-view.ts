'use client'
import type { DataTableLabels, TableView } from '@modelyard/ui/data-table'
import { usePathname, useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useCallback, useMemo } from 'react'

/** A table's filter and order in the address, so that a link shows what its sender saw. */
export function useTableView(defaultSort = ''): {
  view: TableView
  onView: (view: TableView) => void
  labels: DataTableLabels
} {
  const params = useSearchParams()
  const pathname = usePathname()
  const t = useTranslations('client.table')
  const view = { q: params.get('q') ?? '', sort: params.get('sort') ?? defaultSort }
  const onView = useCallback(
    (next: TableView) => {
      const search = new URLSearchParams(params)
      for (const [key, value] of Object.entries({ q: next.q, sort: next.sort === defaultSort ? '' : next.sort })) {
        if (value === '') search.delete(key)
        else search.set(key, value)
      }
      // Not the router: filtering is done here, the server need not be asked again.
      window.history.replaceState(null, '', search.size === 0 ? pathname : `${pathname}?${search}`)
    },
    [params, pathname, defaultSort],
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
  return { view, onView, labels }
}

'use client'
import {
  type ColumnDef,
  createSortedRowModel,
  type RowData,
  rowSortingFeature,
  type SortingState,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { ArrowDown, ArrowUp, ChevronsUpDown, Search } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { cn } from './cn.ts'
import { cellClass, headClass, tableClass } from './table.tsx'

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
})

export type DataColumn<Row extends RowData> = {
  key: string
  header: string
  /** What sorting and the text filter see; null sorts last. */
  value: (row: Row) => string | number | null
  cell?: (row: Row) => ReactNode
  numeric?: boolean
  /** Sorted by number although words are shown: severities, verdicts. */
  ranked?: boolean
  sortable?: boolean
  /** Secondary columns leave on a phone, so that the page keeps its width. */
  wideOnly?: boolean
  className?: string
}

/** `q` filters rows by text, `sort` is `key` or `-key`; both belong in the address, so the caller keeps them. */
export type TableView = { q: string; sort: string }

export type DataTableLabels = {
  filter: string
  filteredEmpty: (shown: number, total: number) => string
  clear: string
  count: (shown: number, total: number) => string
}

export type DataTableProps<Row extends RowData> = {
  caption: string
  rows: Row[]
  columns: DataColumn<Row>[]
  rowKey: (row: Row) => string
  view: TableView
  onView: (view: TableView) => void
  labels: DataTableLabels
  empty: ReactNode
  toolbar?: ReactNode
  filterable?: boolean
}

function parseSort(sort: string): SortingState {
  if (sort === '') return []
  return sort.startsWith('-') ? [{ id: sort.slice(1), desc: true }] : [{ id: sort, desc: false }]
}

function useFiltered<Row extends RowData>(rows: Row[], columns: DataColumn<Row>[], q: string): Row[] {
  return useMemo(() => {
    const words = q.toLowerCase().split(/\s+/).filter(Boolean)
    if (words.length === 0) return rows
    return rows.filter((row) => {
      const text = columns
        .map((column) => column.value(row) ?? '')
        .join(' ')
        .toLowerCase()
      return words.every((word) => text.includes(word))
    })
  }, [rows, columns, q])
}

function useDefinitions<Row extends RowData>(columns: DataColumn<Row>[]): ColumnDef<typeof features, Row>[] {
  return useMemo(
    () =>
      columns.map((column) => ({
        id: column.key,
        accessorFn: (row: Row) => column.value(row) ?? undefined,
        header: column.header,
        enableSorting: column.sortable !== false,
        sortFn: column.numeric || column.ranked ? 'basic' : 'alphanumeric',
        sortUndefined: 'last',
      })),
    [columns],
  )
}

/** The one table of the console: sort by header, filter by words, both in the caller's hands (and so in the address). */
export function DataTable<Row extends RowData>(props: DataTableProps<Row>) {
  const { rows, columns, view } = props
  const shown = useFiltered(rows, columns, view.q)
  const defs = useDefinitions(columns)
  const sorting = useMemo(() => parseSort(view.sort), [view.sort])
  const table = useTable({ features, columns: defs, data: shown, state: { sorting }, getRowId: props.rowKey })
  if (rows.length === 0) return <>{props.empty}</>
  return (
    <div className="min-w-0">
      {(props.filterable !== false || props.toolbar !== undefined) && <Toolbar {...props} shown={shown.length} />}
      {shown.length === 0 ? (
        <FilteredEmpty {...props} />
      ) : (
        <div className="relative max-w-full overflow-x-auto [&_tbody_tr:last-child>td]:border-b-0">
          <table className={tableClass}>
            <caption className="sr-only">{props.caption}</caption>
            <thead>
              <tr>
                {columns.map((column) => (
                  <HeadCell key={column.key} column={column} view={view} onView={props.onView} />
                ))}
              </tr>
            </thead>
            <tbody>
              {table.getRowModel().rows.map((row) => (
                <tr key={row.id} data-row className="relative hover:bg-raised/60 has-[a:focus-visible]:bg-raised">
                  {columns.map((column) => (
                    <td
                      key={column.key}
                      className={cn(
                        cellClass,
                        column.numeric && 'num whitespace-nowrap text-right',
                        column.wideOnly && 'max-md:hidden',
                        column.className,
                      )}
                    >
                      {column.cell === undefined ? (column.value(row.original) ?? '–') : column.cell(row.original)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

/** Numbers are asked "which is largest", words "which comes first": the first press follows the question. */
function nextSort<Row extends RowData>(column: DataColumn<Row>, sort: string): string {
  const { key } = column
  const order = column.numeric || column.ranked ? [`-${key}`, key, ''] : [key, `-${key}`, '']
  return order[(order.indexOf(sort) + 1) % 3] ?? ''
}

function HeadCell<Row extends RowData>({
  column,
  view,
  onView,
}: {
  column: DataColumn<Row>
  view: TableView
  onView: (view: TableView) => void
}) {
  const active = view.sort === column.key ? 'ascending' : view.sort === `-${column.key}` ? 'descending' : 'none'
  const className = cn(headClass, column.numeric && 'text-right', column.wideOnly && 'max-md:hidden')
  if (column.sortable === false) {
    return (
      <th scope="col" className={className}>
        {column.header}
      </th>
    )
  }
  const next = nextSort(column, view.sort)
  const Icon = active === 'ascending' ? ArrowUp : active === 'descending' ? ArrowDown : ChevronsUpDown
  return (
    <th scope="col" aria-sort={active} className={className}>
      <button
        type="button"
        className={cn('inline-flex min-h-6 items-center gap-1 hover:text-ink', active !== 'none' && 'text-ink')}
        onClick={() => onView({ ...view, sort: next })}
      >
        {column.header}
        <Icon aria-hidden className={cn('size-3', active === 'none' && 'opacity-40')} />
      </button>
    </th>
  )
}

function Toolbar<Row extends RowData>({
  view,
  onView,
  labels,
  toolbar,
  rows,
  shown,
  filterable,
}: DataTableProps<Row> & { shown: number }) {
  return (
    <div className="flex flex-wrap items-center gap-2 border-line border-b px-3 py-2">
      {filterable !== false && (
        <div className="relative min-w-0 flex-1 md:max-w-72">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-3"
          />
          <input
            type="search"
            data-filter
            value={view.q}
            onChange={(event) => onView({ ...view, q: event.target.value })}
            aria-label={labels.filter}
            placeholder={labels.filter}
            className="block min-h-8 w-full rounded-md border border-line bg-bg pr-2 pl-8 text-sm placeholder:text-ink-3 max-md:min-h-10"
          />
        </div>
      )}
      {toolbar}
      <span className="num ml-auto text-ink-3 text-xs" aria-live="polite">
        {labels.count(shown, rows.length)}
      </span>
    </div>
  )
}

function FilteredEmpty<Row extends RowData>({ view, onView, labels, rows }: DataTableProps<Row>) {
  return (
    <p className="px-4 py-8 text-center text-ink-2 text-sm">
      {labels.filteredEmpty(0, rows.length)}{' '}
      <button
        type="button"
        className="text-accent underline underline-offset-2"
        onClick={() => onView({ ...view, q: '' })}
      >
        {labels.clear}
      </button>
    </p>
  )
}

'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { cn } from './cn.ts'

export type VirtualColumn<Row> = {
  key: string
  header: string
  /** What the header stands for, in full. */
  title?: string
  /** In CSS pixels: columns that grew with their cells would move while one scrolls. */
  width: number
  cell: (row: Row) => ReactNode
  numeric?: boolean
  sortable?: boolean
  /** Stays in sight while the others scroll sideways, where the screen has room; of the first two columns only. */
  pinned?: boolean
}

export type VirtualTableLabels<Row> = { region: string; select: (row: Row) => string }

export type VirtualTableProps<Row> = {
  caption: string
  rows: readonly Row[]
  columns: readonly VirtualColumn<Row>[]
  rowKey: (row: Row) => string
  /** Rows there are, loaded or not. */
  total: number
  /** `key`, or `-key` when the highest comes first; empty for the standing order. */
  sort: string
  onSort: (sort: string) => void
  selected: ReadonlySet<string>
  onSelect: (keys: string[], selected: boolean) => void
  /** The row that is looked at beside the table; empty for none. */
  peeked?: string
  /** Space looks at a row; while one is looked at, the focus takes the look along. */
  onPeek?: (key: string) => void
  /** Asked again and again while the end of the loaded rows is near. */
  onNearEnd: () => void
  /** The rows shown answer an older question. */
  stale?: boolean
  labels: VirtualTableLabels<Row>
  className?: string
}

const ROW_PX = 40
const SELECT_PX = 44
/** How many rows the server draws, and beyond the visible ones the browser. */
const FIRST_PX = 720
const OVERSCAN = 10
const NEAR_END = 60

/** A table of any length: only the rows in sight exist; its header and pinned columns stay while it scrolls. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { rows, columns, onNearEnd } = props
  const region = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => region.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => keyAt(props, index),
    initialRect: { width: 0, height: FIRST_PX },
    overscan: OVERSCAN,
    useFlushSync: false,
  })
  const items = virtual.getVirtualItems()
  const lastSeen = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (lastSeen >= rows.length - NEAR_END) onNearEnd()
  }, [lastSeen, rows.length, onNearEnd])
  const toggle = useToggle(props)
  useShown(props, virtual)
  const width = columns.reduce((sum, column) => sum + column.width, SELECT_PX)
  const top = items[0]?.start ?? 0
  const bottom = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  return (
    <section
      ref={region}
      aria-label={props.labels.region}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse
      tabIndex={0}
      onKeyDown={(event) => press(event, props)}
      onFocus={(event) => follow(event.target, props)}
      className={cn('relative overflow-auto overscroll-contain', props.stale && 'opacity-60', props.className)}
    >
      <table
        aria-rowcount={props.total + 1}
        aria-busy={props.stale}
        width={width}
        className="table-fixed border-separate border-spacing-0 text-left text-sm"
      >
        <caption className="sr-only">{props.caption}</caption>
        <Heads {...props} />
        <tbody>
          <Spacer height={top} columns={columns.length + 1} />
          {items.map(({ index, key }) => {
            const row = rows[index]
            if (row === undefined) return null
            return <Line key={key} index={index} row={row} table={props} onToggle={toggle} />
          })}
          <Spacer height={bottom} columns={columns.length + 1} />
        </tbody>
      </table>
    </section>
  )
}

function keyAt<Row>({ rows, rowKey }: VirtualTableProps<Row>, index: number): string {
  const row = rows[index]
  return row === undefined ? String(index) : rowKey(row)
}

const headCell =
  'sticky top-0 z-10 h-9 border-line border-b bg-surface px-3 font-medium text-ink-3 text-xs whitespace-nowrap overflow-hidden text-ellipsis'
/** The width of the first pinned column; a second one begins where it ends, in classes: styles in markup are refused. */
export const PINNED_PX = 200

/** Offsets of the first two columns: 44 px of the boxes, then the first column. */
const PINNED_LEFT = ['md:left-11', 'md:left-[15.25rem]']
const leftOf = <Row,>({ pinned }: VirtualColumn<Row>, index: number) => pinned === true && PINNED_LEFT[index]

function Heads<Row>({ columns, sort, onSort }: VirtualTableProps<Row>) {
  return (
    <>
      <colgroup>
        <col width={SELECT_PX} />
        {columns.map((column) => (
          <col key={column.key} width={column.width} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          <td className={cn(headCell, 'left-0 z-20')} />
          {columns.map((column, index) => (
            <Head key={column.key} column={column} left={leftOf(column, index)} sort={sort} onSort={onSort} />
          ))}
        </tr>
      </thead>
    </>
  )
}

/** Shift takes all rows from the one pressed before to this one along. */
function useToggle<Row>({ rows, rowKey, selected, onSelect }: VirtualTableProps<Row>) {
  const anchor = useRef<number | null>(null)
  return (index: number, range: boolean) => {
    const row = rows[index]
    if (row === undefined) return
    const on = !selected.has(rowKey(row))
    const from = range ? (anchor.current ?? index) : index
    anchor.current = index
    const among = rows.slice(Math.min(from, index), Math.max(from, index) + 1)
    onSelect(among.map(rowKey), on)
  }
}

const rowAt = (target: EventTarget) => (target as HTMLElement).closest<HTMLElement>('[data-row]')?.dataset.row

/** `x` selects the row that has the focus, Space looks at it; on a box or a button Space is that one's own. */
function press<Row>(event: KeyboardEvent<HTMLElement>, table: VirtualTableProps<Row>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const key = rowAt(event.target)
  if (key === undefined) return
  if (event.key === 'x') table.onSelect([key], !table.selected.has(key))
  else if (event.key === ' ' && event.target instanceof HTMLAnchorElement && table.onPeek) table.onPeek(key)
  else return
  event.preventDefault()
}

function follow<Row>(target: EventTarget, { peeked = '', onPeek }: VirtualTableProps<Row>): void {
  const key = rowAt(target)
  if (peeked !== '' && key !== undefined && key !== peeked && target instanceof HTMLAnchorElement) onPeek?.(key)
}

/** The row that is looked at is brought into sight, wherever it was chosen. */
function useShown<Row>(
  { rows, rowKey, peeked = '' }: VirtualTableProps<Row>,
  virtual: { scrollToIndex: (index: number, options: { align: 'auto' }) => void },
): void {
  const latest = useRef({ rows, rowKey, virtual })
  latest.current = { rows, rowKey, virtual }
  useEffect(() => {
    if (peeked === '') return
    const { rows: now, rowKey: keyOf, virtual: list } = latest.current
    const index = now.findIndex((row) => keyOf(row) === peeked)
    if (index !== -1) list.scrollToIndex(index, { align: 'auto' })
  }, [peeked])
}

/** Stands for the rows that are not drawn; a height attribute, because styles in markup are refused. */
function Spacer({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null
  return (
    <tr aria-hidden>
      <td height={height} colSpan={columns} className="p-0" />
    </tr>
  )
}

type LineProps<Row> = {
  index: number
  row: Row
  table: VirtualTableProps<Row>
  onToggle: (index: number, range: boolean) => void
}

function Line<Row>({ index, row, table, onToggle }: LineProps<Row>) {
  const key = table.rowKey(row)
  const isSelected = table.selected.has(key)
  const isPeeked = table.peeked === key
  const ground = isSelected ? 'bg-accent-soft' : isPeeked ? 'bg-raised' : 'bg-surface group-hover:bg-raised'
  const cell = cn('h-10 max-w-0 truncate border-line border-b px-3 align-middle', ground)
  return (
    <tr data-row={key} aria-rowindex={index + 2} aria-current={isPeeked || undefined} className="group">
      <td
        className={cn(cell, 'sticky left-0 z-[5] p-0 text-center', isPeeked && 'shadow-[inset_3px_0_0_var(--accent)]')}
      >
        <label className="inline-grid size-8 cursor-pointer place-items-center align-middle">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={isSelected}
            aria-label={table.labels.select(row)}
            onChange={(event) => onToggle(index, (event.nativeEvent as MouseEvent).shiftKey === true)}
          />
        </label>
      </td>
      {table.columns.map((column, at) => (
        <td
          key={column.key}
          className={cn(
            cell,
            column.numeric && 'num text-right',
            column.pinned && 'md:sticky md:z-[5]',
            leftOf(column, at),
          )}
        >
          {column.cell(row)}
        </td>
      ))}
    </tr>
  )
}

/** Numbers are asked "which is highest", words "which comes first": the first press follows the question. */
function nextSort<Row>({ key, numeric }: VirtualColumn<Row>, sort: string): string {
  const order = numeric ? [`-${key}`, key, ''] : [key, `-${key}`, '']
  return order[(order.indexOf(sort) + 1) % 3] ?? ''
}

function Head<Row>({
  column,
  left,
  sort,
  onSort,
}: {
  column: VirtualColumn<Row>
  left: string | false | undefined
  sort: string
  onSort: (sort: string) => void
}) {
  const active = sort === column.key ? 'ascending' : sort === `-${column.key}` ? 'descending' : 'none'
  const Icon = active === 'ascending' ? ArrowUp : active === 'descending' ? ArrowDown : ChevronsUpDown
  const className = cn(headCell, column.numeric && 'text-right', left && 'md:z-20', left)
  if (column.sortable !== true) {
    return (
      <th scope="col" title={column.title} className={className}>
        {column.header}
      </th>
    )
  }
  return (
    <th scope="col" title={column.title} aria-sort={active} className={className}>
      <button
        type="button"
        className={cn(
          'inline-flex min-h-6 max-w-full items-center gap-1 hover:text-ink',
          active !== 'none' && 'text-ink',
        )}
        onClick={() => onSort(nextSort(column, sort))}
      >
        <span className="truncate">{column.header}</span>
        <Icon aria-hidden className={cn('size-3 shrink-0', active === 'none' && 'opacity-40')} />
      </button>
    </th>
  )
}

import type { ReactNode, TdHTMLAttributes, ThHTMLAttributes } from 'react'
import { cn } from './cn.ts'
import { ScrollX } from './scroll-x.tsx'

export const tableClass = 'w-full border-collapse text-left text-sm'
export const headClass =
  'whitespace-nowrap border-line border-b bg-surface px-3 py-2 font-medium text-ink-3 text-xs first:pl-4 last:pr-4'
export const cellClass = 'border-line border-b px-3 py-2 align-middle first:pl-4 last:pr-4'

/** A server-rendered table for short, unsorted lists; wide ones scroll inside, never the page. */
export function Table({ caption, head, children }: { caption: string; head: ReactNode; children: ReactNode }) {
  return (
    <ScrollX label={caption} className="relative max-w-full overflow-x-auto [&_tbody_tr:last-child>td]:border-b-0">
      <table className={tableClass}>
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </ScrollX>
  )
}

export function Th({
  className,
  numeric = false,
  ...rest
}: ThHTMLAttributes<HTMLTableCellElement> & { numeric?: boolean }) {
  return <th scope="col" className={cn(headClass, numeric && 'text-right', className)} {...rest} />
}

export function Td({
  className,
  numeric = false,
  ...rest
}: TdHTMLAttributes<HTMLTableCellElement> & { numeric?: boolean }) {
  return <td className={cn(cellClass, numeric && 'num whitespace-nowrap text-right', className)} {...rest} />
}

import { Ago } from '@modelyard/ui/ago'
import { useFormat } from '../format/use-format.ts'

/** How long ago, with the full time on hover. */
export function When({ at }: { at: string }) {
  const format = useFormat()
  return <Ago at={at} locale={format.locale} absolute={format.full(at)} />
}

/** The clock's time, for lists whose order is time; the full time on hover. */
export function Clock({ at }: { at: string }) {
  const format = useFormat()
  return (
    <time dateTime={at} title={format.full(at)} className="num whitespace-nowrap">
      {format.clock(at)}
    </time>
  )
}

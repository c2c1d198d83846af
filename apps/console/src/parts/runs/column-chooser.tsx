'use client'
import type { RunKeys } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { sheetClass } from '@modelyard/ui/confirm-sheet'
import { TextInput } from '@modelyard/ui/field'
import { ArrowUp, Columns3 } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { allColumns, type ColumnScope, partsOf } from './columns.ts'
import { useColumnName } from './use-column-name.ts'

type Props = { keys: RunKeys; columns: string[]; onChange: (columns: string[]) => void }

const SCOPES: ColumnScope[] = ['attributes', 'metrics', 'params', 'tags']
/** More boxes than this nobody reads; the search finds the others. */
const SHOWN = 100

/** Which columns, and in which order: the chosen ones first, then all there are. */
export function ColumnChooser(props: Props) {
  const t = useTranslations('client.runs')
  const dialog = useRef<HTMLDialogElement>(null)
  const [open, setOpen] = useState(false)
  useEffect(() => {
    if (open) dialog.current?.showModal()
    else dialog.current?.close()
  }, [open])
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Columns3 aria-hidden />
        {t('columns', { count: props.columns.length })}
      </Button>
      <dialog ref={dialog} onClose={() => setOpen(false)} aria-label={t('chooseColumns')} className={sheetClass}>
        {open && <Choice {...props} onClose={() => setOpen(false)} />}
      </dialog>
    </>
  )
}

function Choice({ keys, columns, onChange, onClose }: Props & { onClose: () => void }) {
  const t = useTranslations('client.runs')
  const [search, setSearch] = useState('')
  const there = allColumns(keys)
  const found = (column: string) => column.toLowerCase().includes(search.toLowerCase())
  const toggle = (column: string) =>
    onChange(columns.includes(column) ? columns.filter((other) => other !== column) : [...columns, column])
  return (
    <div className="flex max-h-[80dvh] flex-col p-4">
      <h2 className="font-semibold text-base">{t('chooseColumns')}</h2>
      <TextInput
        type="search"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        aria-label={t('searchColumns')}
        placeholder={t('searchColumns')}
        className="mt-3"
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse */}
      <section tabIndex={0} aria-label={t('chooseColumns')} className="mt-3 min-h-0 flex-1 overflow-y-auto">
        <Chosen columns={columns} onChange={onChange} />
        {SCOPES.map((scope) => {
          const names = there[scope].filter(found)
          if (names.length === 0) return null
          return (
            <fieldset key={scope} className="mt-3">
              <legend className="font-medium text-ink-3 text-xs">{t(`scope.${scope}`)}</legend>
              {names.slice(0, SHOWN).map((column) => (
                <Box key={column} column={column} checked={columns.includes(column)} onToggle={() => toggle(column)} />
              ))}
              {names.length > SHOWN && (
                <p className="text-ink-3 text-xs">{t('more', { count: names.length - SHOWN })}</p>
              )}
            </fieldset>
          )
        })}
      </section>
      <div className="mt-3 flex justify-between gap-2">
        <Button variant="ghost" onClick={() => onChange([])}>
          {t('standard')}
        </Button>
        <Button variant="primary" onClick={onClose}>
          {t('done')}
        </Button>
      </div>
    </div>
  )
}

/** The chosen columns in their order; a press moves one towards the front. */
function Chosen({ columns, onChange }: Pick<Props, 'columns' | 'onChange'>) {
  const t = useTranslations('client.runs')
  const nameOf = useColumnName()
  const forward = (index: number) => {
    const next = [...columns]
    const [moved] = next.splice(index, 1)
    if (moved !== undefined) next.splice(index - 1, 0, moved)
    onChange(next)
  }
  return (
    <ol className="flex flex-wrap gap-1.5" aria-label={t('order')}>
      {columns.map((column, index) => (
        <li key={column} className="inline-flex max-w-full items-center rounded bg-raised text-xs">
          <span className="truncate px-2 py-1" title={column}>
            {nameOf(column)}
          </span>
          {index > 0 && (
            <button
              type="button"
              className="grid size-6 shrink-0 place-items-center text-ink-3 hover:text-ink"
              aria-label={t('forward', { column: nameOf(column) })}
              onClick={() => forward(index)}
            >
              <ArrowUp aria-hidden className="size-3 -rotate-90" />
            </button>
          )}
        </li>
      ))}
    </ol>
  )
}

function Box({ column, checked, onToggle }: { column: string; checked: boolean; onToggle: () => void }) {
  const nameOf = useColumnName()
  return (
    <label className="flex min-h-7 min-w-0 cursor-pointer items-center gap-2 rounded px-1 text-sm hover:bg-raised max-md:min-h-11">
      <input type="checkbox" className="size-4 shrink-0 accent-accent" checked={checked} onChange={onToggle} />
      <span className={partsOf(column).scope === 'attributes' ? 'truncate' : 'mono truncate'} title={column}>
        {nameOf(column)}
      </span>
    </label>
  )
}

'use client'
import { Button } from '@modelyard/ui/button'
import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type FormEvent, useEffect, useId, useState } from 'react'
import type { Fault } from './fault.ts'

const EXAMPLES = [
  'metrics.accuracy > 0.9',
  "params.optimizer = 'adam' AND metrics.loss < 0.3",
  "tags.team LIKE 'vision%'",
  'params.`learning rate` IS NOT NULL',
  "attributes.status IN ('RUNNING', 'FAILED')",
  "datasets.name = 'digits'",
]

/** The filter in MLflow's language; it asks when it is entered, for half a condition is a fault and not a question. */
export function FilterField({ q, fault, onApply }: { q: string; fault: Fault | null; onApply: (q: string) => void }) {
  const t = useTranslations('client.runs')
  const [draft, setDraft] = useState(q)
  const id = useId()
  useEffect(() => setDraft(q), [q])
  const apply = (event: FormEvent) => {
    event.preventDefault()
    onApply(draft.trim())
  }
  const mine = fault?.field === 'filter' ? fault : null
  return (
    <div className="min-w-0 flex-1 basis-full md:basis-80">
      <form onSubmit={apply} className="flex min-w-0 items-center gap-1.5">
        <div className="relative min-w-0 flex-1">
          <Search
            aria-hidden
            className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-3"
          />
          <input
            type="search"
            data-filter
            value={draft}
            onChange={(event) => {
              setDraft(event.target.value)
              // The cross of a search field empties it without a form being sent.
              if (event.target.value === '' && q !== '') onApply('')
            }}
            aria-label={t('filter')}
            aria-invalid={mine !== null}
            aria-describedby={mine === null ? undefined : `${id}-fault`}
            placeholder={t('filterPlaceholder')}
            spellCheck={false}
            autoCapitalize="none"
            autoComplete="off"
            className="mono block min-h-8 w-full rounded-md border border-line-strong/70 bg-bg pr-2 pl-8 placeholder:font-sans placeholder:text-ink-3 aria-invalid:border-crit max-md:min-h-11"
          />
        </div>
        {draft.trim() !== q && (
          <Button type="submit" variant="primary">
            {t('apply')}
          </Button>
        )}
        <Grammar onChoose={setDraft} />
      </form>
      {mine !== null && (
        <div id={`${id}-fault`} role="alert" className="mt-1 text-crit text-xs">
          <p className="[overflow-wrap:anywhere]">{mine.message}</p>
          {mine.position !== null && <Mark text={q} position={mine.position} />}
        </div>
      )}
    </div>
  )
}

/** The filter with the place of the fault marked; what stands before it is shortened. */
function Mark({ text, position }: { text: string; position: number }) {
  const at = Math.min(Math.max(0, position - 1), text.length)
  const from = Math.max(0, at - 40)
  return (
    <code aria-hidden className="mono mt-0.5 block overflow-hidden whitespace-pre text-ink-2">
      {from > 0 && '…'}
      {text.slice(from, at)}
      <mark className="rounded-xs bg-crit px-px text-crit-ink">{text.slice(at, at + 1) || '␣'}</mark>
      {text.slice(at + 1, at + 40)}
    </code>
  )
}

function Grammar({ onChoose }: { onChoose: (example: string) => void }) {
  const t = useTranslations('client.runs')
  return (
    <details className="group relative shrink-0">
      <summary className="inline-flex min-h-8 items-center rounded-md border border-line px-2.5 text-ink-2 text-sm hover:bg-raised max-md:min-h-11">
        {t('help')}
      </summary>
      <div className="absolute right-0 z-30 mt-1 w-[min(26rem,calc(100vw-2rem))] rounded-lg border border-line bg-surface p-3 text-sm shadow-xl">
        <p className="text-ink-2">{t('grammar')}</p>
        <ul className="mt-2 flex flex-col gap-0.5">
          {EXAMPLES.map((example) => (
            <li key={example}>
              <button
                type="button"
                className="mono min-h-7 w-full rounded px-1.5 text-left text-accent hover:bg-raised [overflow-wrap:anywhere]"
                onClick={(event) => {
                  onChoose(example)
                  event.currentTarget.closest('details')?.removeAttribute('open')
                }}
              >
                {example}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </details>
  )
}

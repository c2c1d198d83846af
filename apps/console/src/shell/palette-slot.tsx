'use client'
import { cn } from '@modelyard/ui'
import { buttonClass } from '@modelyard/ui/button'
import { Search } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { lazy, Suspense, useState } from 'react'

// Loaded at the first opening: most visits never search.
const Palette = lazy(() => import('./palette.tsx'))

/** The search button of the top bar and, once opened, the palette itself. */
export function PaletteSlot({
  project,
  open,
  onOpen,
}: {
  project: string
  open: boolean
  onOpen: (open: boolean) => void
}) {
  const t = useTranslations('shell')
  const [wanted, setWanted] = useState(false)
  if (open && !wanted) setWanted(true)
  return (
    <>
      <button
        type="button"
        onClick={() => onOpen(true)}
        className={cn(
          buttonClass({ variant: 'secondary' }),
          'text-ink-3 max-md:w-11 max-md:border-transparent max-md:bg-transparent max-md:shadow-none',
        )}
      >
        <Search aria-hidden />
        <span className="max-md:sr-only">{t('search')}</span>
        <kbd aria-hidden className="mono ml-4 rounded border border-line px-1 text-2xs max-lg:hidden">
          Ctrl K
        </kbd>
      </button>
      {wanted && (
        <Suspense>
          <Palette project={project} open={open} onClose={() => onOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

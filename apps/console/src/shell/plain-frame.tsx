import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { locales } from '../i18n/locale.ts'
import { Mark } from './mark.tsx'

/** The frame of pages that work without script: sign-in, the rollback sheet, an alert. One column, made for a phone. */
export async function PlainFrame({ path, home, children }: { path: string; home?: string; children: ReactNode }) {
  const t = await getTranslations('shell')
  const locale = await getLocale()
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-xl flex-col px-4 py-4">
      <header className="mb-4 flex items-center justify-between">
        <a href={home ?? '/'} className="flex min-h-11 items-center gap-2 font-semibold text-base">
          <Mark className="size-7" />
          Modelyard
        </a>
        <form method="post" action="/preferences" className="flex text-xs">
          <input type="hidden" name="next" value={path} />
          {locales.map((value) => (
            <button
              key={value}
              type="submit"
              name="locale"
              value={value}
              lang={value}
              aria-pressed={value === locale}
              className="min-h-11 rounded px-2 text-ink-2 aria-pressed:font-semibold aria-pressed:text-ink"
            >
              {value === 'en' ? 'English' : '中文'}
            </button>
          ))}
        </form>
      </header>
      <main id="main" className="flex-1">
        {children}
      </main>
      <footer className="pt-6 text-center text-ink-3 text-xs">{t('description')}</footer>
    </div>
  )
}

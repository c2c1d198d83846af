import { buttonClass } from '@modelyard/ui/button'
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { PlainFrame } from '../shell/plain-frame.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('shell'))('notFound.title') }
}

/** The same words for what never was and for what belongs to others. */
export default async function NotFound() {
  const t = await getTranslations('shell')
  return (
    <PlainFrame path="/">
      <h1 className="mt-8 font-semibold text-xl">{t('notFound.title')}</h1>
      <p className="mt-2 mb-6 text-ink-2 text-sm">{t('notFound.body')}</p>
      <a href="/" className={buttonClass({ variant: 'primary' })}>
        {t('notFound.home')}
      </a>
    </PlainFrame>
  )
}

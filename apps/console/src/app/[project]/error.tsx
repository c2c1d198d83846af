'use client'
import { Button } from '@modelyard/ui/button'
import { ErrorCard } from '@modelyard/ui/states'
import { useTranslations } from 'next-intl'

/** A page's failure inside the frame: the rail stays, the person can try again or go elsewhere. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations('shell')
  return (
    <div className="mx-auto max-w-xl py-8">
      <h1 className="mb-3 font-semibold text-xl">{t('fault.title')}</h1>
      <ErrorCard
        title={t('fault.what')}
        body={t('fault.body')}
        reference={error.digest}
        action={<Button onClick={reset}>{t('retry')}</Button>}
      />
    </div>
  )
}

import { buttonClass } from '@modelyard/ui/button'
import { Field, TextInput } from '@modelyard/ui/field'
import { ErrorCard } from '@modelyard/ui/states'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { safeNext } from '../../links.ts'
import { getApi } from '../../server/api.ts'
import { PlainFrame } from '../../shell/plain-frame.tsx'

type Search = { next?: string; error?: string }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('login'))('title') }
}

const faults = ['wrong', 'often', 'fault'] as const

/** E-mail and password in a plain form: the way to a rollback must need no script. */
export default async function LoginPage({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams
  const next = safeNext(search.next)
  if ((await getApi()).signedIn) redirect(next)
  const t = await getTranslations('login')
  const fault = faults.find((item) => item === search.error)
  return (
    <PlainFrame path={`/login?next=${encodeURIComponent(next)}`}>
      <div className="mx-auto mt-6 max-w-sm rounded-xl border border-line bg-surface p-6">
        <h1 className="font-semibold text-xl tracking-tight">{t('title')}</h1>
        <p className="mt-1 mb-5 text-ink-2 text-sm">{t('lead')}</p>
        {fault !== undefined && (
          <div className="mb-4">
            <ErrorCard title={t(`error.${fault}.title`)} body={t(`error.${fault}.body`)} />
          </div>
        )}
        <form method="post" action="/login/submit" className="flex flex-col gap-4">
          <input type="hidden" name="next" value={next} />
          <Field id="email" label={t('email')}>
            <TextInput
              id="email"
              name="email"
              type="email"
              autoComplete="username"
              required
              autoFocus
              className="min-h-11"
            />
          </Field>
          <Field id="password" label={t('password')}>
            <TextInput
              id="password"
              name="password"
              type="password"
              autoComplete="current-password"
              required
              className="min-h-11"
            />
          </Field>
          <button type="submit" className={buttonClass({ variant: 'primary', size: 'lg' })}>
            {t('submit')}
          </button>
        </form>
        <p className="mt-4 text-ink-3 text-xs">{t('help')}</p>
      </div>
    </PlainFrame>
  )
}

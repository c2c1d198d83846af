import { EmptyState } from '@modelyard/ui/states'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { preferenceCookies } from '../i18n/locale.ts'
import { links } from '../links.ts'
import { getViewer } from '../server/api.ts'
import { PlainFrame } from '../shell/plain-frame.tsx'

/** Goes to the project one saw last, else to the first; says how to make one when there is none. */
export default async function HomePage() {
  const { projects } = await getViewer()
  const last = (await cookies()).get(preferenceCookies.project)?.value
  const target = projects.find((project) => project.slug === last) ?? projects[0]
  if (target !== undefined) redirect(links.now(target.slug))
  const t = await getTranslations('shell')
  return (
    <PlainFrame path="/">
      <h1 className="font-semibold text-xl">{t('noProject.title')}</h1>
      <EmptyState title={t('noProject.empty')} body={t('noProject.body')} command="npm run demo" />
    </PlainFrame>
  )
}

import { Toaster } from '@modelyard/ui/toast'
import { cookies } from 'next/headers'
import Link from 'next/link'
import { NextIntlClientProvider } from 'next-intl'
import { getLocale, getMessages, getTimeZone, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { asTheme, preferenceCookies } from '../../i18n/locale.ts'
import { links } from '../../links.ts'
import { LiveProvider } from '../../live/provider.tsx'
import { getProject, getViewer } from '../../server/api.ts'
import { Keys } from '../../shell/keys.tsx'
import { LiveStatus } from '../../shell/live-status.tsx'
import { Mark } from '../../shell/mark.tsx'
import { ProjectMenu } from '../../shell/project-menu.tsx'
import { Rail, TabBar } from '../../shell/rail.tsx'
import { UserMenu } from '../../shell/user-menu.tsx'
import { VisitNote } from '../../shell/visit-note.tsx'

type Props = { params: Promise<{ project: string }>; children: ReactNode }

/** The frame of all pages of a project. */
export default async function ProjectLayout({ params, children }: Props) {
  const { project: slug } = await params
  const project = await getProject(slug)
  const [viewer, locale, timeZone, messages, jar] = await Promise.all([
    getViewer(),
    getLocale(),
    getTimeZone(),
    getMessages(),
    cookies(),
  ])
  const t = await getTranslations('shell')
  const projects = viewer.projects.map(({ slug: each, name }) => ({ slug: each, name }))
  return (
    <NextIntlClientProvider
      locale={locale}
      timeZone={timeZone}
      messages={{ shell: messages.shell, client: messages.client }}
    >
      <a
        href="#main"
        className="absolute top-2 left-2 z-50 -translate-y-20 rounded-md bg-accent px-3 py-2 text-accent-ink focus:translate-y-0"
      >
        {t('skip')}
      </a>
      <LiveProvider project={project.slug}>
        <div className="md:grid md:min-h-dvh md:grid-cols-[56px_minmax(0,1fr)] lg:grid-cols-[208px_minmax(0,1fr)]">
          <Side project={slug} />
          <div className="min-w-0">
            <header className="sticky top-0 z-20 flex h-12 items-center gap-1 border-line border-b bg-surface/95 px-2 backdrop-blur md:px-4">
              <ProjectMenu project={slug} projects={projects} />
              <div className="ml-auto flex items-center gap-1">
                <LiveStatus />
                <Keys project={slug} />
                <UserMenu
                  name={viewer.name}
                  email={viewer.email}
                  theme={asTheme(jar.get(preferenceCookies.theme)?.value)}
                />
              </div>
            </header>
            <main
              id="main"
              tabIndex={-1}
              className="mx-auto w-full max-w-[1400px] px-3 pt-4 pb-24 outline-none md:px-6 md:pt-5 md:pb-10"
            >
              {children}
            </main>
          </div>
        </div>
        <TabBar project={slug} />
        <VisitNote project={slug} timeZone={timeZone} />
        <Toaster label={t('notices')} dismissLabel={t('dismiss')} />
      </LiveProvider>
    </NextIntlClientProvider>
  )
}

/** The rail with the mark above it. */
function Side({ project }: { project: string }) {
  return (
    <aside className="border-line border-r bg-surface max-md:hidden">
      <div className="sticky top-0 h-dvh overflow-y-auto">
        <Link
          href={links.now(project)}
          prefetch={false}
          className="flex h-12 items-center gap-2.5 px-3.5 font-semibold text-sm"
        >
          <Mark className="size-6 shrink-0" />
          <span className="max-lg:sr-only">Modelyard</span>
        </Link>
        <Rail project={project} />
      </div>
    </aside>
  )
}

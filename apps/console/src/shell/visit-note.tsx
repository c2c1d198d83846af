'use client'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { remember } from './preferences.ts'

/** Tells the server, by cookie, the browser's time zone and the project last seen; draws anew when the zone was wrong. */
export function VisitNote({ project, timeZone }: { project: string; timeZone: string }) {
  const router = useRouter()
  useEffect(() => remember('project', project), [project])
  useEffect(() => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone
    if (here === timeZone) return
    remember('timeZone', here)
    router.refresh()
  }, [timeZone, router])
  return null
}

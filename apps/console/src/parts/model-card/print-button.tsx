'use client'
import { Button } from '@modelyard/ui/button'
import { Printer } from 'lucide-react'
import { useTranslations } from 'next-intl'

/** The browser prints; the page's print styles leave the frame of the console away. */
export function PrintButton() {
  const t = useTranslations('client.modelCard')
  return (
    <Button size="sm" onClick={() => window.print()}>
      <Printer aria-hidden />
      {t('print')}
    </Button>
  )
}

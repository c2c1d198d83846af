'use client'
import { buttonClass } from '@modelyard/ui/button'
import { Menu, MenuChoice, MenuItem, MenuLine } from '@modelyard/ui/menu'
import { LogOut, UserRound } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { asTheme, locales, type Theme, themes } from '../i18n/locale.ts'
import { applyTheme, remember } from './preferences.ts'

/** Who is signed in; theme and language; the way out (a form, because leaving changes something). */
export function UserMenu({ name, email, theme: initial }: { name: string; email: string; theme: Theme }) {
  const t = useTranslations('shell')
  const locale = useLocale()
  const router = useRouter()
  const [theme, setTheme] = useState(initial)
  const chooseTheme = (value: string) => {
    setTheme(asTheme(value))
    applyTheme(asTheme(value))
  }
  const chooseLocale = (value: string) => {
    remember('locale', value)
    router.refresh()
  }
  return (
    <Menu
      trigger={
        <button type="button" className={buttonClass({ variant: 'ghost', size: 'icon' })} aria-label={t('account')}>
          <UserRound aria-hidden />
        </button>
      }
    >
      <div className="max-w-64 px-2 py-1.5">
        <p className="truncate font-medium text-sm">{name}</p>
        <p className="truncate text-ink-3 text-xs">{email}</p>
      </div>
      <MenuLine />
      <MenuChoice
        label={t('theme.label')}
        value={theme}
        onChange={chooseTheme}
        options={themes.map((value) => ({ value, label: t(`theme.${value}`) }))}
      />
      <MenuChoice
        label={t('language')}
        value={locale}
        onChange={chooseLocale}
        options={locales.map((value) => ({ value, label: value === 'en' ? 'English' : '简体中文' }))}
      />
      <MenuLine />
      <form id="sign-out" method="post" action="/logout" />
      <MenuItem asChild>
        <button type="submit" form="sign-out" className="w-full">
          <LogOut aria-hidden />
          {t('signOut')}
        </button>
      </MenuItem>
    </Menu>
  )
}

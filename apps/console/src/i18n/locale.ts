/** The console's languages; English is the source, Chinese is complete. */
export const locales = ['en', 'zh-CN'] as const
export type Locale = (typeof locales)[number]
export const defaultLocale: Locale = 'en'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

/** Preferences live in cookies, so that the first byte from the server is already right. */
export const preferenceCookies = {
  locale: 'my_locale',
  theme: 'my_theme',
  timeZone: 'my_tz',
  project: 'my_project',
} as const

export function asLocale(value: string | undefined): Locale | null {
  return locales.find((locale) => locale === value) ?? null
}

export function asTheme(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? 'system'
}

/** A zone the runtime knows, else UTC: a cookie is anybody's text. */
export function asTimeZone(value: string | undefined): string {
  if (value === undefined) return 'UTC'
  try {
    new Intl.DateTimeFormat('en', { timeZone: value })
    return value
  } catch {
    return 'UTC'
  }
}

/** The best of our languages for an Accept-Language header. */
export function negotiateLocale(header: string | null): Locale {
  const wanted = (header ?? '').toLowerCase().split(',')
  for (const part of wanted) {
    const tag = part.trim().split(';')[0] ?? ''
    if (tag.startsWith('zh')) return 'zh-CN'
    if (tag.startsWith('en')) return 'en'
  }
  return defaultLocale
}

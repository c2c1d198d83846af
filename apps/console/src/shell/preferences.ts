'use client'
import { preferenceCookies, type Theme } from '../i18n/locale.ts'

const YEAR_S = 365 * 24 * 60 * 60

/** Remembers a preference for the server's next answer; no secret, so the page may write it. */
export function remember(name: keyof typeof preferenceCookies, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari
  document.cookie = `${preferenceCookies[name]}=${encodeURIComponent(value)}; path=/; max-age=${YEAR_S}; samesite=lax`
}

/** Shows a theme at once and remembers it. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
  remember('theme', theme)
}

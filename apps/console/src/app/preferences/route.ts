import { asLocale, asTheme, preferenceCookies } from '../../i18n/locale.ts'
import { nextOf, readForm, seeOther } from '../../server/forms.ts'

const YEAR_S = 365 * 24 * 60 * 60

/** Language and theme for pages without script. */
export async function POST(request: Request): Promise<Response> {
  const read = await readForm(request)
  if ('refused' in read) return read.refused
  const cookies: string[] = []
  const locale = asLocale(read.form.get('locale') ?? undefined)
  const theme = read.form.get('theme')
  if (locale !== null) cookies.push(`${preferenceCookies.locale}=${locale}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax`)
  if (theme !== null)
    cookies.push(`${preferenceCookies.theme}=${asTheme(theme)}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax`)
  return seeOther(nextOf(read.form), cookies)
}

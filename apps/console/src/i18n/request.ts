import { cookies, headers } from 'next/headers'
import { getRequestConfig } from 'next-intl/server'
import en from '../messages/en.json'
import zh from '../messages/zh-CN.json'
import { asLocale, asTimeZone, negotiateLocale, preferenceCookies } from './locale.ts'

/** Language and time zone of a request: the person's choice, else the browser's language, else English and UTC. */
export default getRequestConfig(async () => {
  const jar = await cookies()
  const chosen = asLocale(jar.get(preferenceCookies.locale)?.value)
  const locale = chosen ?? negotiateLocale((await headers()).get('accept-language'))
  return {
    locale,
    timeZone: asTimeZone(jar.get(preferenceCookies.timeZone)?.value),
    messages: locale === 'zh-CN' ? zh : en,
  }
})

import { CopyButton } from '@modelyard/ui/copy-button'
import { useTranslations } from 'next-intl'

/** One request to copy; where the installation did not say its gateway's address, that stays a variable. */
export function HowToCall({
  project,
  endpoint,
  gatewayUrl,
}: {
  project: string
  endpoint: string
  gatewayUrl: string
}) {
  const t = useTranslations('client.endpoint')
  const common = useTranslations('client.common')
  const command = [
    `curl -sS "${gatewayUrl}/${project}/${endpoint}/predict" \\`,
    '  -H "Authorization: Bearer $MODELYARD_API_KEY" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d '{"instances": [[0, 0, 5, 13]]}'`,
  ].join('\n')
  return (
    <div className="relative">
      <pre className="mono overflow-x-auto rounded-md border border-line bg-bg p-3 pr-10 text-xs">{command}</pre>
      <CopyButton
        text={command}
        label={common('copy')}
        copiedLabel={common('copied')}
        className="absolute top-2 right-2"
      />
      <p className="mt-2 text-ink-3 text-xs">{t('callNote')}</p>
    </div>
  )
}

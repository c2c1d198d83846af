import type { ModelFilePreview } from '@modelyard/contracts'
import { Card } from '@modelyard/ui/card'
import { useTranslations } from 'next-intl'
import { useFormat } from '../../format/use-format.ts'

const SHOWN_BYTES = 64 * 1024

/** The beginning of a file as text and as nothing else; what is no text is not shown. */
export function FilePreview({ file }: { file: ModelFilePreview }) {
  const t = useTranslations('client.model')
  const format = useFormat()
  return (
    <Card
      title={<span className="mono [overflow-wrap:anywhere]">{file.path}</span>}
      hint={file.isWhole || file.text === null ? undefined : t('previewCut', { size: format.bytes(SHOWN_BYTES) })}
      flush
    >
      {file.text === null ? (
        <p className="px-4 py-3 text-ink-3 text-sm">{t('previewOpaque')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable for the keyboard
        <pre tabIndex={0} className="mono max-h-[60vh] overflow-auto px-4 py-3 text-xs leading-5">
          {file.text}
        </pre>
      )}
    </Card>
  )
}

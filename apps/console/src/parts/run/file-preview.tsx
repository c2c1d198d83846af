'use client'
import type { FilePreview } from '@modelyard/contracts'
import { buttonClass } from '@modelyard/ui/button'
import { ErrorCard } from '@modelyard/ui/states'
import { Td, Th, tableClass } from '@modelyard/ui/table'
import { Download } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { type ReactNode, useEffect, useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { links } from '../../links.ts'
import { api } from '../../live/client.ts'
import { Hash } from '../facts.tsx'

type Of = { project: string; runId: string; path: string }
type Found = { preview: FilePreview } | { fault: string } | null

function usePreview({ project, runId, path }: Of): Found {
  const [found, setFound] = useState<Found>(null)
  useEffect(() => {
    let stopped = false
    const read = async () => {
      const next = await api.run.preview.query({ project, runId, path }).then(
        (preview): Found => ({ preview }),
        (error: unknown): Found => ({ fault: error instanceof Error ? error.message : String(error) }),
      )
      if (!stopped) setFound(next)
    }
    void read()
    return () => {
      stopped = true
    }
  }, [project, runId, path])
  return found
}

/** A look at one file. Text is drawn as text; pages and pictures come from an address that lets nothing of theirs run. */
export function FilePreviewPane(of: Of) {
  const t = useTranslations('client.run')
  const found = usePreview(of)
  if (found === null) return <p className="py-6 text-center text-ink-3 text-sm">{t('reading')}</p>
  if ('fault' in found) return <ErrorCard title={t('fileFault')} body={found.fault} />
  const { preview } = found
  return (
    <article aria-label={preview.path} className="min-w-0">
      <Head of={of} preview={preview} />
      <Shown of={of} preview={preview} />
      {!preview.isWhole && preview.kind !== 'image' && preview.kind !== 'html' && preview.kind !== 'none' && (
        <p className="mt-1 text-ink-3 text-xs">{t('beginning')}</p>
      )}
    </article>
  )
}

function Head({ of, preview }: { of: Of; preview: FilePreview }) {
  const t = useTranslations('client.run')
  const format = useFormat()
  return (
    <header className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1">
      <h3 className="mono min-w-0 text-sm [overflow-wrap:anywhere]">{preview.path}</h3>
      <span className="num text-ink-3 text-xs">
        {format.bytes(preview.sizeBytes)} · {preview.mediaType}
      </span>
      <span className="text-xs">
        <Hash value={preview.sha256} />
      </span>
      <a
        href={links.runFile(of.project, of.runId, { path: of.path, download: true })}
        download
        className={`${buttonClass({ size: 'sm' })} ml-auto`}
      >
        <Download aria-hidden />
        {t('download')}
      </a>
    </header>
  )
}

const frame = 'relative max-h-[32rem] overflow-auto rounded-md border border-line bg-bg'

function Shown({ of, preview }: { of: Of; preview: FilePreview }): ReactNode {
  const t = useTranslations('client.run')
  const { kind, path, text, rows } = preview
  const source = links.runFile(of.project, of.runId, { path, download: false })
  switch (kind) {
    case 'image':
      // biome-ignore lint/performance/noImgElement: the bytes of a run are not ours to resize
      return <img src={source} alt={path} className="max-h-[32rem] max-w-full rounded-md border border-line bg-bg" />
    case 'html':
      return (
        <iframe
          src={source}
          title={path}
          sandbox=""
          referrerPolicy="no-referrer"
          className="h-[32rem] w-full rounded-md border border-line bg-white"
        />
      )
    case 'csv':
      return <Rows caption={path} rows={rows ?? []} />
    case 'json':
    case 'text':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse
        <section tabIndex={0} aria-label={path} className={frame}>
          <pre className="mono whitespace-pre-wrap p-3 text-xs [overflow-wrap:anywhere]">
            {kind === 'json' ? pretty(text ?? '') : text}
          </pre>
        </section>
      )
    default:
      return <p className="py-6 text-center text-ink-3 text-sm">{t('noPreview')}</p>
  }
}

function Rows({ caption, rows }: { caption: string; rows: string[][] }) {
  const [head = [], ...body] = rows
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse
    <section tabIndex={0} aria-label={caption} className={frame}>
      <table className={tableClass}>
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {head.map((name, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns of a file have no other name
              <Th key={index}>{name}</Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name
            <tr key={at}>
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <Td key={index} className="mono whitespace-nowrap">
                  {cell}
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** JSON is set out where reading it loses nothing: a number beyond 2^53 would come back as another one. */
function pretty(text: string): string {
  if (/\d{16}/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

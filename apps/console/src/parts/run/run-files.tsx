'use client'
import type { FolderEntries } from '@modelyard/contracts'
import { ChevronRight, File as FileIcon, Folder } from 'lucide-react'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { api } from '../../live/client.ts'
import { useAddress } from '../use-address.ts'
import { FilePreviewPane } from './file-preview.tsx'

type Props = { project: string; runId: string; root: FolderEntries }
type Tree = { project: string; runId: string; chosen: string; onChoose: (path: string) => void }

/** The files a run left, folder by folder, and a look at the chosen one; which one stands in the address. */
export function RunFiles({ project, runId, root }: Props) {
  const t = useTranslations('client.run')
  const { search, change } = useAddress()
  if (root.length === 0) return <p className="px-4 py-3 text-ink-3 text-sm">{t('noArtifacts')}</p>
  const chosen = search.get('file') ?? ''
  const onChoose = (path: string) => change((next) => next.set('file', path))
  return (
    <div className="grid min-w-0 md:grid-cols-[minmax(12rem,20rem)_minmax(0,1fr)]">
      <nav aria-label={t('artifacts')} className="min-w-0 border-line p-2 max-md:border-b md:border-r">
        <Entries {...{ project, runId, chosen, onChoose }} entries={root} />
      </nav>
      <div className="min-w-0 p-3">
        {chosen === '' ? (
          <p className="py-6 text-center text-ink-3 text-sm">{t('chooseFile')}</p>
        ) : (
          <FilePreviewPane key={chosen} project={project} runId={runId} path={chosen} />
        )}
      </div>
    </div>
  )
}

function Entries({ entries, ...tree }: Tree & { entries: FolderEntries }) {
  return (
    <ul className="min-w-0">
      {entries.map((entry) => (
        <li key={entry.path} className="min-w-0">
          {entry.sizeBytes === null ? (
            <FolderNode {...tree} path={entry.path} name={entry.name} />
          ) : (
            <FileNode {...tree} path={entry.path} name={entry.name} sizeBytes={entry.sizeBytes} />
          )}
        </li>
      ))}
    </ul>
  )
}

const nodeClass =
  'flex min-h-7 w-full min-w-0 items-center gap-1.5 rounded px-1.5 text-left text-sm hover:bg-raised aria-[current]:bg-accent-soft max-md:min-h-11'

function FolderNode({ path, name, ...tree }: Tree & { path: string; name: string }) {
  const t = useTranslations('client.run')
  const [entries, setEntries] = useState<FolderEntries | null>(null)
  const [failed, setFailed] = useState(false)
  const open = async () => {
    if (entries !== null) return
    setFailed(false)
    try {
      setEntries(await api.run.files.query({ project: tree.project, runId: tree.runId, folder: path }))
    } catch {
      setFailed(true)
    }
  }
  return (
    <details className="group/folder" onToggle={(event) => event.currentTarget.open && void open()}>
      <summary className={nodeClass}>
        <ChevronRight aria-hidden className="size-3.5 shrink-0 text-ink-3 group-open/folder:rotate-90" />
        <Folder aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        <span className="truncate">{name}</span>
      </summary>
      <div className="pl-4">
        {entries !== null && <Entries {...tree} entries={entries} />}
        {failed && <p className="text-crit text-xs">{t('folderFault')}</p>}
      </div>
    </details>
  )
}

function FileNode({
  path,
  name,
  sizeBytes,
  chosen,
  onChoose,
}: Tree & { path: string; name: string; sizeBytes: number }) {
  const format = useFormat()
  return (
    <button
      type="button"
      aria-current={path === chosen ? 'true' : undefined}
      className={nodeClass}
      title={path}
      onClick={() => onChoose(path)}
    >
      <FileIcon aria-hidden className="size-3.5 shrink-0 text-ink-3" />
      <span className="mono min-w-0 flex-1 truncate">{name}</span>
      <span className="num shrink-0 text-2xs text-ink-3">{format.bytes(sizeBytes)}</span>
    </button>
  )
}

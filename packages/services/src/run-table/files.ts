import type { FilePreview, FolderEntries, PreviewKind } from '@modelyard/contracts'
import type { z } from 'zod'
import { listArtifactFolder } from '../artifact/list.ts'
import { previewArtifact } from '../artifact/preview.ts'
import type { Ctx } from '../context.ts'
import type { RunRef } from '../run/change.ts'

const TABLE_ROWS = 100
const TABLE_COLUMNS = 50
const CELL_CHARACTERS = 200

/** Endings by which a file is shown; whatever is not named here is only downloaded, or shown as text when it is text. */
const KINDS: Readonly<Record<string, z.infer<typeof PreviewKind>>> = {
  ...{ png: 'image', jpg: 'image', jpeg: 'image', gif: 'image', webp: 'image' },
  ...{ html: 'html', htm: 'html', csv: 'csv', tsv: 'csv', json: 'json' },
}

/** What lies directly in a folder of a run's files. */
export async function listRunFiles(ctx: Ctx, input: RunRef & { folder: string }): Promise<FolderEntries> {
  const { project, runId, folder } = input
  const { entries } = await listArtifactFolder(ctx, { project, owner: { kind: 'run', id: runId }, folder })
  return entries.map(({ name, sizeBytes }) => {
    return { name, path: folder === '' ? name : `${folder}/${name}`, sizeBytes }
  })
}

/** The beginning of a file in the form its ending asks for; text alone, nothing of it is run. */
export async function previewRunFile(ctx: Ctx, input: RunRef & { path: string }): Promise<FilePreview> {
  const { project, runId, path } = input
  const preview = await previewArtifact(ctx, { project, owner: { kind: 'run', id: runId }, path })
  const { kind, ending } = kindOf(path, preview.text !== null)
  const shown = kind === 'text' || kind === 'json' ? preview.text : null
  const rows = kind === 'csv' ? tableOf(preview.text ?? '', ending === 'tsv' ? '\t' : ',') : null
  const { mediaType, sha256, sizeBytes, isWhole } = preview
  return {
    path,
    kind,
    mediaType,
    sha256,
    sizeBytes,
    text: shown,
    rows,
    isWhole: isWhole && (rows?.length ?? 0) < TABLE_ROWS,
  }
}

function kindOf(path: string, isText: boolean): { kind: z.infer<typeof PreviewKind>; ending: string } {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase()
  const named = Object.hasOwn(KINDS, ending) ? (KINDS[ending] ?? 'text') : 'text'
  return { kind: named === 'image' || isText ? named : 'none', ending }
}

/** The first rows of a table of comma-separated values (RFC 4180), each cell cut to what a page shows. */
export function tableOf(text: string, separator: string): string[][] {
  const rows: string[][] = []
  const field = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n][^${separator}\\r\\n]*|))(${separator}|\\r?\\n|\\r|$)`,
    'y',
  )
  let row: string[] = []
  while (rows.length < TABLE_ROWS && (field.lastIndex < text.length || row.length > 0)) {
    const found = field.exec(text)
    // A quote in the middle of a cell is none of the format; what follows is left out.
    if (found === null) break
    const cell = found[1]?.replaceAll('""', '"') ?? found[2] ?? ''
    if (row.length < TABLE_COLUMNS) row.push(cell.slice(0, CELL_CHARACTERS).toWellFormed())
    if (found[3] === separator) continue
    rows.push(row)
    row = []
  }
  return rows
}

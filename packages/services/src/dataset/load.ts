import { findDatasetVersionRow } from '@modelyard/db'
import { type Part, readCells, refuse } from '@modelyard/domain'
import type { Ctx } from '../context.ts'
import type { RowsByPart } from './describe.ts'
import { readTable } from './read-table.ts'

/** In file order, without the label. `columns[c][r]` is NaN where the cell is missing or no number. */
export type FeatureColumns = { names: string[]; columns: Float64Array[]; labels: string[] }

type Source = Pick<Ctx, 'db' | 'blobs'>
const MAX_SPLIT_BYTES = 64 * 1024 * 1024
/** 64 MB of numbers in a process, over all versions. */
const CACHED_VALUES = 8_000_000

/** Versions are immutable, so what was read once stays true; the oldest goes when there is too much. */
const cache = new Map<string, Promise<FeatureColumns>>()
const sizes = new Map<string, number>()

/** Row numbers of each part, counted from 0 without the header. For what follows lineage: it asks for no right. */
export async function loadSplit(ctx: Source, datasetVersionId: string): Promise<RowsByPart> {
  const row = await versionOf(ctx, datasetVersionId)
  const bytes = await ctx.blobs.whole(String(row.split.rowsSha256), MAX_SPLIT_BYTES)
  return JSON.parse(bytes.toString('utf8')) as RowsByPart
}

/** Features and labels of one part, for what compares them with live traffic. It asks for no right. */
export async function loadFeatureColumns(
  ctx: Source,
  args: { datasetVersionId: string; part: Part },
): Promise<FeatureColumns> {
  const key = `${args.datasetVersionId} ${args.part}`
  const known = cache.get(key)
  if (known) {
    cache.delete(key)
    cache.set(key, known)
    return known
  }
  const reading = readFeatures(ctx, args)
  cache.set(key, reading)
  try {
    const { columns, labels } = await reading
    sizes.set(key, columns.length * labels.length)
    evict()
  } catch (error) {
    cache.delete(key)
    throw error
  }
  return reading
}

function evict(): void {
  let total = [...cache.keys()].reduce((sum, key) => sum + (sizes.get(key) ?? 0), 0)
  for (const key of cache.keys()) {
    if (total <= CACHED_VALUES) return
    total -= sizes.get(key) ?? 0
    cache.delete(key)
    sizes.delete(key)
  }
}

async function readFeatures(ctx: Source, args: { datasetVersionId: string; part: Part }): Promise<FeatureColumns> {
  const row = await versionOf(ctx, args.datasetVersionId)
  const rows = (await loadSplit(ctx, row.id))[args.part]
  const body = await ctx.blobs.open(row.sha256)
  const table = await readTable({ body, format: row.format, sizeBytes: row.sizeBytes })
  const features = table.names.map((name, index) => ({ name, texts: table.columns[index] ?? [] }))
  const label = features.find(({ name }) => name === row.labelColumn)
  const inputs = features.filter((feature) => feature !== label)
  return {
    names: inputs.map(({ name }) => name),
    columns: inputs.map(({ texts }) => {
      const { values } = readCells(texts)
      return Float64Array.from(rows, (at) => numberOf(values[at]))
    }),
    labels: rows.map((at) => label?.texts[at] ?? ''),
  }
}

function numberOf(value: unknown): number {
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : Number.NaN
}

async function versionOf(ctx: Source, id: string) {
  const row = await findDatasetVersionRow(ctx.db, id)
  return row ?? refuse('not_found', `there is no dataset version ${id}`, { field: 'datasetVersionId' })
}

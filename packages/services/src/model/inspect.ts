import type { ModelSignature } from '@modelyard/contracts'
import type { VersionFile } from '@modelyard/db'
import { canonicalJson, isRefusal, onnxFileIn } from '@modelyard/domain'
import type { Ctx } from '../context.ts'

const MAX_MODEL_BYTES = 1024 * 1024 * 1024
const MAX_MLMODEL_BYTES = 1024 * 1024
const MLMODEL = 'MLmodel'

/** What the files of a version are: one ONNX file that could be read, or anything else, which is never opened. */
export type Inspected =
  | { format: 'onnx'; sha256: string; sizeBytes: number; signature: ModelSignature }
  | { format: 'opaque'; sha256: string; sizeBytes: number; signature: null; why: string }

let last: Promise<unknown> = Promise.resolve()

/**
 * The signature that an ONNX file states. One file at a time, since each is held in memory while it is read.
 * @throws Refusal for what is no ONNX model, reaches outside its file or is too large
 */
export function readSignature(ctx: Ctx, sha256: string): Promise<ModelSignature> {
  const mine = last.then(async () => ctx.inspectModel(await ctx.blobs.whole(sha256, MAX_MODEL_BYTES)))
  last = mine.catch(() => {})
  return mine
}

/** Look for the one ONNX file and read its signature. One that cannot be read as ONNX makes the version opaque. */
export async function inspectFiles(ctx: Ctx, files: readonly VersionFile[]): Promise<Inspected> {
  const model = await onnxFile(ctx, files)
  if (!model) return opaque(ctx, files, 'no single ONNX file')
  try {
    const signature = await readSignature(ctx, model.sha256)
    return { format: 'onnx', sha256: model.sha256, sizeBytes: model.sizeBytes, signature }
  } catch (error) {
    if (!isRefusal(error) || error.retryable) throw error
    return opaque(ctx, files, `${model.path}: ${error.message}`)
  }
}

/** Named by the last part of its path, or by MLflow's description of the folder where there are several. */
async function onnxFile(ctx: Ctx, files: readonly VersionFile[]): Promise<VersionFile | null> {
  const found = files.filter(({ path }) => /\.onnx$/i.test(path))
  const [only] = found
  if (only && found.length === 1) return only
  const described = files.find(({ path }) => path === MLMODEL)
  if (!described || described.sizeBytes > MAX_MLMODEL_BYTES) return null
  const named = onnxFileIn((await ctx.blobs.whole(described.sha256, MAX_MLMODEL_BYTES)).toString('utf8'))
  return files.find(({ path }) => path === named) ?? null
}

function opaque(ctx: Ctx, files: readonly VersionFile[], why: string): Inspected {
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  return { format: 'opaque', sha256: digestOfFiles(ctx, files), sizeBytes, signature: null, why }
}

/** SHA-256 of the canonical JSON of every [path, sha256], in the order of the paths' UTF-8 bytes. */
function digestOfFiles(ctx: Pick<Ctx, 'sha256'>, files: readonly VersionFile[]): string {
  const inOrder = [...files].sort((left, right) => Buffer.compare(Buffer.from(left.path), Buffer.from(right.path)))
  return ctx.sha256(canonicalJson(inOrder.map(({ path, sha256 }) => [path, sha256])))
}

/** Whether there are files and the store holds each at its size. */
export async function verifyFiles(ctx: Ctx, files: readonly VersionFile[]): Promise<boolean> {
  const sizes = new Map(files.map(({ sha256, sizeBytes }) => [sha256, sizeBytes]))
  for (const [sha256, sizeBytes] of sizes) if ((await ctx.blobs.size(sha256)) !== sizeBytes) return false
  return files.length > 0
}

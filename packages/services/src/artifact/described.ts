import { Readable } from 'node:stream'
import type { ModelSignature } from '@modelyard/contracts'
import { type ArtifactFile, findModelVersion } from '@modelyard/db'
import type { Ctx } from '../context.ts'
import { heldFiles } from '../model/files.ts'
import { MLMODEL, mlmodelOf } from './mlmodel.ts'
import type { ArtifactOwner, ReadableBlob } from './owner.ts'

/**
 * The `MLmodel` of an ONNX version whose own files have none, made when it is asked for; null for every other owner. It
 * is no file of the version: its digest, its list of files and its copies know nothing of it.
 */
export async function describedVersion(
  ctx: Ctx,
  { projectId, owner }: { projectId: string; owner: ArtifactOwner },
): Promise<(ArtifactFile & ReadableBlob) | null> {
  if (owner.kind !== 'model_version') return null
  const version = (await findModelVersion(ctx.db, { projectId, id: owner.id }))?.version
  if (version?.format !== 'onnx') return null
  const files = await heldFiles(ctx, version)
  const model = files.find(({ sha256 }) => sha256 === version.sha256)
  if (!model || files.some(({ path }) => path === MLMODEL || path.startsWith(`${MLMODEL}/`))) return null
  const { id, runId, createdAt } = version
  const signature = version.signature as ModelSignature
  const bytes = Buffer.from(mlmodelOf({ id, runId, createdAt, signature, path: model.path }))
  return {
    ...{ path: MLMODEL, sha256: ctx.sha256(bytes.toString()), sizeBytes: bytes.length, mediaType: 'text/plain' },
    read: async (range) => Readable.from([range ? bytes.subarray(range.start, range.end + 1) : bytes]),
  }
}

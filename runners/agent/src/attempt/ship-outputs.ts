import { createHash } from 'node:crypto'
import { createReadStream, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { RecipeResult } from '@modelyard/contracts'
import { z } from 'zod'
import { type Api, asRefusal } from '../api.ts'
import { readJson } from '../disk.ts'
import type { Folder } from './folder.ts'
import type { Kept } from './kept.ts'
import { readPart } from './ship-log.ts'

const MAX_FILES = 200
const MAX_DEPTH = 6
const Kinds = z.object({ model: RecipeResult.shape.model, artifacts: RecipeResult.shape.artifacts })

/** Plain files below a folder, by their paths in it. Links are left out: they could lead anywhere. */
export function listOutputs(root: string): string[] {
  const found: string[] = []
  const walk = (path: string, depth: number) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      const name = path === '' ? entry.name : `${path}/${entry.name}`
      if (entry.isDirectory() && depth < MAX_DEPTH) walk(name, depth + 1)
      else if (entry.isFile() && found.length < MAX_FILES) found.push(name)
    }
  }
  walk('', 1)
  return found.sort()
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}

function kindsOf(folder: Folder): (path: string) => string {
  const result = readJson(join(folder.outputs, 'result.json'), Kinds)
  const kinds = new Map(result?.artifacts.map(({ file, kind }) => [file, kind]))
  if (result) kinds.set(result.model.file, 'model')
  return (path) => kinds.get(path) ?? (path === 'result.json' ? 'result' : 'file')
}

/** Hand over every output by its hash: bytes that are there already are not sent, an upload that broke off goes on. */
export async function shipOutputs(
  api: Api,
  args: { kept: Kept; folder: Folder },
  signal: AbortSignal,
): Promise<number> {
  const { kept, folder } = args
  const claim = { attemptId: kept.attemptId, fence: kept.accepted.fence }
  const kindOf = kindsOf(folder)
  const paths = listOutputs(folder.outputs)
  for (const path of paths) {
    const file = join(folder.outputs, path)
    const sizeBytes = lstatSync(file).size
    if (sizeBytes === 0) continue
    const sha256 = await hashFile(file)
    await sendFile(api, { ...claim, file, sha256, sizeBytes }, signal)
    const artifact = { ...claim, path, kind: kindOf(path), sha256 }
    await api.persist('artifact', (each) => api.runner.attempt.attachArtifact.mutate(artifact, { signal: each }), {
      signal,
    })
  }
  return paths.length
}

type Sent = { attemptId: string; fence: number; file: string; sha256: string; sizeBytes: number }

async function sendFile(api: Api, sent: Sent, signal: AbortSignal): Promise<void> {
  const { attemptId, fence, sha256, sizeBytes } = sent
  const announced = { attemptId, fence, sha256, sizeBytes, mediaType: 'application/octet-stream' }
  const { attempt } = api.runner
  const begun = await api.persist('upload', (each) => attempt.beginUpload.mutate(announced, { signal: each }), {
    signal,
  })
  if (begun.state === 'have') return
  const { uploadId, partBytes } = begun
  for (let offset = begun.offset; offset < sizeBytes; ) {
    const part = readPart(sent.file, offset, Math.min(partBytes, sizeBytes - offset))
    if (part.length === 0) throw new Error(`${sent.file} became shorter while it was sent`)
    try {
      await api.put('upload', `/uploads/${uploadId}?offset=${offset}`, { body: part, signal })
      offset += part.length
    } catch (error) {
      const refusal = asRefusal(error)
      if (refusal?.code !== 'gap' || refusal.next === null) throw error
      offset = refusal.next
    }
  }
  const whole = { attemptId, fence, uploadId }
  await api.persist('upload', (each) => attempt.completeUpload.mutate(whole, { signal: each }), { signal })
}

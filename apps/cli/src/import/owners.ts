import { createHash } from 'node:crypto'
import { copyFile, type FileHash, hashFile, listFiles, type Owner } from './files.ts'
import type { Progress } from './progress.ts'
import type { Tally } from './tally.ts'
import type { Target } from './target.ts'
import { Refused, type Server } from './wire.ts'

export type Import = { source: Server; target: Target; tally: Tally; progress: Progress }

export type State = Awaited<ReturnType<Target['imports']['state']['query']>>[number]
export type Sealed = NonNullable<State['sealed']>
/** What a listing there says of how much there is of a thing. */
export type Expected = Partial<Pick<State, 'params' | 'tags' | 'metrics' | 'datasets'>>

/** How it is here, if it was brought whole as it is there now and has lost nothing since. */
export function wholeHere(here: State | undefined, digest: string, expected: Expected): Sealed | null {
  const sealed = here?.sealed
  if (!sealed || sealed.digest !== digest) return null
  const kept = { points: sealed.points, files: sealed.files, bytes: sealed.bytes, ...expected }
  return Object.entries(kept).every(([what, count]) => here[what as keyof typeof kept] === count) ? sealed : null
}

/** The same for the same text whatever the order of its members: what the other server says of a thing, hashed. */
export function digestOf(said: unknown): string {
  return createHash('sha256').update(canonical(said)).digest('hex')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join(',')}]`
  if (typeof value !== 'object' || value === null || 'rawJSON' in value) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`
}

/** What is refused for good is a difference, and the rest goes on; a server that is gone ends the import. */
export const brokenAt =
  ({ tally }: Import, what: string) =>
  (error: unknown): Brought => {
    if (!(error instanceof Refused)) throw error
    tally.differ(`${what}: ${error.message}`)
    return { points: 0, files: 0, bytes: 0, same: false }
  }
export type Brought = { points: number; files: number; bytes: number; same: boolean }

async function filesHere({ target }: Import, { kind, id }: Owner): Promise<Map<string, FileHash>> {
  const here = new Map<string, FileHash>()
  for (let after = ''; ; ) {
    const page = await target.call(() => target.imports.files.query({ ...target.base, kind, id, after }))
    for (const { path, sha256, sizeBytes } of page) here.set(path, { sha256, sizeBytes })
    const last = page.at(-1)
    if (!last || page.length < 1000) return here
    after = last.path
  }
}

/** Bring every file of a run or logged model and compare all hashes. False when any differs. */
export async function copyFiles(work: Import, owner: Owner): Promise<{ files: number; bytes: number; same: boolean }> {
  const { source, target, progress, tally } = work
  const before = await filesHere(work, owner)
  const there = new Map<string, FileHash>()
  for await (const path of listFiles(source, owner)) {
    // What an earlier run of this program brought is read there once more, and sent only when it is another.
    const known = before.has(path) ? await hashFile(source, owner, path) : null
    const isHere = known !== null && known.sha256 === before.get(path)?.sha256
    const hash = isHere ? known : await copyFile({ source, target: target.server }, owner, path)
    there.set(path, hash)
    progress.done('files')
    progress.done('bytes', hash.sizeBytes)
  }
  const here = there.size === 0 ? before : await filesHere(work, owner)
  const wrong = [...new Set([...there.keys(), ...here.keys()])].filter(
    (path) => there.get(path)?.sha256 !== here.get(path)?.sha256,
  )
  for (const path of wrong) tally.differ(`${owner.kind} ${owner.id}: file ${path}`)
  const bytes = [...there.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  return { files: there.size, bytes, same: wrong.length === 0 }
}

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { repository } from '../repository.ts'

const NEVER = new Set(['node_modules', '.next', 'dist', '.turbo', 'test-results'])
// Written by `next build` itself, or read by tests alone: they must not make the next start build again.
const UNSEEN = /(^|\/)(next-env\.d\.ts|tsconfig\.json|.*\.tsbuildinfo|.*\.test\.tsx?)$/

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !NEVER.has(entry.name)) yield* filesBelow(path)
    else if (entry.isFile() && !UNSEEN.test(path)) yield path
  }
}

/** SHA-256 over names and contents of files; the order of the arguments does not matter. */
export function hashOfFiles(paths: Iterable<string>, salt = ''): string {
  const hash = createHash('sha256').update(salt)
  for (const path of [...new Set(paths)].sort()) {
    hash.update(`\n${relative(repository, path)}\n`).update(readFileSync(path))
  }
  return hash.digest('hex')
}

/** SHA-256 over everything under the folders that can change a build. */
export function hashOfFolders(folders: readonly string[], salt = ''): string {
  return hashOfFiles(
    folders.flatMap((folder) => [...filesBelow(folder)]),
    salt,
  )
}

import { renameSync, rmSync, writeFileSync } from 'node:fs'

/** JSON that only its owner may read, complete from the moment it can be seen. */
export function writePrivately(file: string, content: unknown): void {
  const draft = `${file}.${process.pid}.draft`
  // A draft left by a crash may have any mode; `wx` after removal makes sure that ours applies.
  rmSync(draft, { force: true })
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(draft, file)
}

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whileClaimed } from '../../bootstrap/claim.mjs'
import { repository } from '../repository.ts'
import { hashOfFiles, hashOfFolders } from './source-hash.ts'

export const consoleFolder = join(repository, 'apps/console')
export const nextProgram = join(repository, 'node_modules/next/dist/bin/next')
const marker = join(consoleFolder, '.next/modelyard-sources')

function sourcesKey(): string {
  const packages = readdirSync(join(repository, 'packages')).map((name) => join(repository, 'packages', name))
  return hashOfFolders([consoleFolder, ...packages], hashOfFiles([join(repository, 'package-lock.json')], repository))
}

/** Runs `next build` to its end; rejects when it fails. */
export type RunBuild = () => Promise<void>

/**
 * Builds the console, unless the build of exactly these sources is there. A stale build is the one thing that must
 * never be served, so the key is written only after the build has ended well.
 * @returns whether it was built now
 */
export async function buildConsole(run: RunBuild): Promise<boolean> {
  const isCurrent = (): boolean => existsSync(marker) && readFileSync(marker, 'utf8') === sourcesKey()
  if (isCurrent()) return false
  const claim = `modelyard-console-${hashOfFiles([], repository).slice(0, 12)}.json`
  return whileClaimed(join(tmpdir(), claim), async () => {
    if (isCurrent()) return false
    const key = sourcesKey()
    // A build that is broken off must not be taken for the one before it.
    rmSync(marker, { force: true })
    await run()
    writeFileSync(marker, key)
    return true
  })
}

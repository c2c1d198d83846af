import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

type Entry = { resolved?: string; link?: boolean; integrity?: string; optionalDependencies?: Record<string, string> }

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Entry>
}

/** Both do without their native part where there is none; npm accepts a lock that lacks it (tried with 10.9 and 11.19). */
const DISPENSABLE = ['node_modules/msgpackr-extract', 'node_modules/@swc/core']

/** Whether Node finds `name` from the package at `path`, by the folders the lock names. */
function isLocked(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (`${at === '' ? '' : `${at}/`}node_modules/${name}` in packages) return true
    if (at === '') return false
  }
}

function absentFor(path: string): string[] {
  return Object.keys(packages[path]?.optionalDependencies ?? {}).filter((name) => !isLocked(path, name))
}

test('the lock file names the native part of every tool for every platform, so that `npm ci` works there too', () => {
  const paths = Object.keys(packages).filter((path) => !DISPENSABLE.includes(path))
  expect(paths.flatMap((path) => absentFor(path).map((name) => `${path} -> ${name}`))).toEqual([])
  const here = ['linux-x64-gnu', 'linux-arm64-gnu'].map((platform) => `@swc/core-${platform}`)
  expect(here.filter((name) => !isLocked('', name))).toEqual([])
})

test('the lock file names no registry, and every download by its hash', () => {
  const downloads = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link)
  expect(downloads.length).toBeGreaterThan(400)
  expect(downloads.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  expect(downloads.filter(([, { integrity }]) => integrity === undefined)).toEqual([])
})

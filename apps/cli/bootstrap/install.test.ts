import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { agreesWithLock, installKey, workspaceFolders } from './install.mjs'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'modelyard-install-'))
  write('package.json', { workspaces: ['packages/*', 'runners/agent', 'absent/*'] })
  write('packages/b/package.json', { name: 'b' })
  write('packages/a/package.json', { name: 'a' })
  write('runners/agent/package.json', { name: 'agent' })
  write('package-lock.json', {
    packages: {
      '': {},
      'packages/a': {},
      'node_modules/zod': { version: '4.6.7' },
      'node_modules/other-platform': { version: '1.0.0', optional: true },
    },
  })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, content: unknown): void {
  mkdirSync(join(root, path, '..'), { recursive: true })
  writeFileSync(join(root, path), JSON.stringify(content))
}

test('workspaces are found by the patterns of the root', () => {
  expect(workspaceFolders(root)).toEqual(['.', 'packages/a', 'packages/b', 'runners/agent'])
})

test('the key changes with any package.json and with the lock file', () => {
  const first = installKey(root)
  expect(installKey(root)).toBe(first)
  write('packages/a/package.json', { name: 'a', dependencies: {} })
  const second = installKey(root)
  write('package-lock.json', { packages: {} })
  expect(new Set([first, second, installKey(root)]).size).toBe(3)
})

test('an install counts only when it came to its end with the versions of the lock file', () => {
  expect(agreesWithLock(root)).toBe(false)
  write('node_modules/zod/package.json', { version: '4.6.7' })
  expect(agreesWithLock(root)).toBe(false)
  write('node_modules/.package-lock.json', { packages: { 'node_modules/zod': { version: '4.6.7' } } })
  expect(agreesWithLock(root)).toBe(true)
  write('node_modules/.package-lock.json', { packages: { 'node_modules/zod': { version: '4.0.0' } } })
  expect(agreesWithLock(root)).toBe(false)
})

test('a package whose folder was removed afterwards is missing', () => {
  write('node_modules/.package-lock.json', { packages: { 'node_modules/zod': { version: '4.6.7' } } })
  expect(agreesWithLock(root)).toBe(false)
})

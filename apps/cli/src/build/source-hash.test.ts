import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { hashOfFiles, hashOfFolders } from './source-hash.ts'

const folder = mkdtempSync(join(tmpdir(), 'modelyard-hash-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const write = (path: string, text: string): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

test('changes with any source, and with nothing else', () => {
  write('src/page.tsx', 'one')
  const before = hashOfFolders([folder])
  write('src/page.test.tsx', 'a test')
  write('.next/server/page.js', 'built')
  write('node_modules/x/index.js', 'installed')
  write('next-env.d.ts', 'written by the build')
  expect(hashOfFolders([folder])).toBe(before)
  write('src/other.tsx', 'two')
  const after = hashOfFolders([folder])
  expect(after).not.toBe(before)
  expect(hashOfFolders([folder], 'salt')).not.toBe(after)
})

test('order and repetition of files do not matter', () => {
  write('a', '1')
  write('b', '2')
  const [a, b] = [join(folder, 'a'), join(folder, 'b')]
  expect(hashOfFiles([a, b])).toBe(hashOfFiles([b, a, b]))
})

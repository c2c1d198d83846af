import { expect, test } from 'vitest'
import { requireArtifactFolder, requireArtifactPath } from './path.ts'

test.each([
  'model.onnx',
  'model/MLmodel',
  'sub dir/x.txt',
  'ümläut/文件.txt',
  'a+b?c#d;e&f=g.txt',
  '100%.txt',
  '%41.txt',
  '..hidden/...',
  '.config',
  'ab:c',
  'ab:c/d',
  `${'x'.repeat(1024)}`,
])('%s is a path', (path) => {
  expect(requireArtifactPath(path)).toBe(path)
})

test.each([
  '',
  '/etc/passwd',
  '//etc',
  '..',
  '.',
  '../x',
  'a/../b',
  'a/./b',
  'a//b',
  'a/',
  'a/..',
  '..\\x',
  'a\\b',
  'C:',
  'C:\\x',
  'c:/windows',
  'a\0.txt',
  'a\nb',
  'a\u0085b',
  'evil\u202etxt.exe',
  '\ud800',
  '%2e%2e/x',
  '%2e%2e%2fx',
  '..%2f..%2fetc',
  '%252e%252e%252fetc',
  'a/%2e/b',
  'a%5c..%5cb',
  'a%00b',
  '%2fetc%2fpasswd',
  '%43%3a%2fx',
  '%2525252541',
  'x'.repeat(1025),
  'ü'.repeat(513),
])('%j is none', (path) => {
  expect(() => requireArtifactPath(path)).toThrow(expect.objectContaining({ code: 'invalid', field: 'path' }))
})

test('a folder may be all of it, and end in a slash', () => {
  expect(['', 'a', 'a/', 'a/b/'].map(requireArtifactFolder)).toEqual(['', 'a', 'a', 'a/b'])
  for (const path of ['/', '..', 'a//', '../']) expect(() => requireArtifactFolder(path)).toThrow('Invalid path')
})

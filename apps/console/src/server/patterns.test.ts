import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PATTERNS, patternOf } from './patterns.ts'

describe('patterns of the console', () => {
  it('are those of the folders that Next reads', () => {
    const files = readdirSync(new URL('../app', import.meta.url), { recursive: true, encoding: 'utf8' })
    const found = files.flatMap((file) => (/(^|\/)(page\.tsx|route\.ts)$/.test(file) ? [`/${file}`] : []))
    const patterns = found.map((file) => file.replace(/\/(page\.tsx|route\.ts)$/, '') || '/')
    expect([...PATTERNS].sort()).toEqual(patterns.sort())
  })

  it.each([
    ['/', '/'],
    ['/metrics', '/metrics'],
    ['/digits/now', '/[project]/now'],
    ['/digits/runs/run_1', '/[project]/runs/[run]'],
    ['/api/auth/sign-in/email', '/api/auth/[...all]'],
    ['/api/trpc/jobs.list,jobs.get', '/api/trpc/[trpc]'],
    ['/a/alt_1/act', '/a/[alert]/act'],
    ['/_next/static/chunks/1.js', '/_next'],
    ['/digits', 'none'],
    ['/digits/runs/', 'none'],
    ['/.env', 'none'],
    ['', 'none'],
  ])('%s is %s', (path, pattern) => {
    expect(patternOf(path)).toBe(pattern)
  })
})

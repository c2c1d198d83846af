import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { RESERVED_PROJECT_NAMES, Slug } from '@modelyard/contracts'
import { expect, test } from 'vitest'

test('no project may take the name of a page: it could never be opened', () => {
  const taken = readdirSync(join(import.meta.dirname, 'app'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && Slug.safeParse(entry.name).success)
    .map(({ name }) => name)
  expect(taken).toContain('login')
  expect(RESERVED_PROJECT_NAMES).toEqual(expect.arrayContaining(taken))
})

import { describe, expect, test } from 'vitest'
import { CreateProject, RESERVED_PROJECT_NAMES } from './project.ts'

const project = (slug: string) => ({ slug, name: 'A project', task: 'binary', idempotencyKey: 'key-00000001' })

describe('the name of a project', () => {
  test.each([...RESERVED_PROJECT_NAMES])('is not %s: a page of the console stands there', (slug) => {
    const { error } = CreateProject.safeParse(project(slug))
    expect(error?.issues).toMatchObject([{ path: ['slug'], message: 'this name is the console’s own; choose another' }])
  })

  test.each(['digits', 'login-2', 'ab', 'api-v2'])('may be %s', (slug) => {
    expect(CreateProject.parse(project(slug)).slug).toBe(slug)
  })
})

import { describe, expect, it } from 'vitest'
import {
  can,
  KEY_SCOPE_NAMES,
  KEY_SCOPES,
  keyCan,
  mayGrant,
  PERMISSION_NAMES,
  type Permission,
  permissionsOf,
  ROLES,
  requirePermission,
} from './permission.ts'

describe('roles', () => {
  it('each hold what the role before holds and more', () => {
    for (let index = 1; index < ROLES.length; index++) {
      const [less = 'viewer', more = 'admin'] = [ROLES[index - 1], ROLES[index]]
      expect(permissionsOf(more)).toEqual(expect.arrayContaining(permissionsOf(less)))
      expect(permissionsOf(more).length).toBeGreaterThan(permissionsOf(less).length)
    }
    expect(permissionsOf('admin')).toEqual(PERMISSION_NAMES)
  })

  it.each<[Permission, string]>([
    ['project.read', 'viewer'],
    ['job.submit', 'editor'],
    ['alert.act', 'editor'],
    ['model.approve', 'deployer'],
    ['endpoint.deploy', 'deployer'],
    ['rollout.act', 'deployer'],
    ['member.manage', 'admin'],
    ['key.manage', 'admin'],
    ['channel.manage', 'admin'],
  ])('%s takes %s', (permission, least) => {
    expect(ROLES.filter((role) => can(role, permission))[0]).toBe(least)
  })

  it('refuse with the permission and the least role', () => {
    expect(() => requirePermission('viewer', 'rollout.act')).toThrow(/deployer/)
    expect(() => requirePermission(null, 'project.read')).toThrow(expect.objectContaining({ code: 'forbidden' }))
    expect(() => requirePermission('admin', 'rollout.act')).not.toThrow()
  })
})

describe('key scopes', () => {
  it('of a calling application reach nothing but predictions', () => {
    expect(PERMISSION_NAMES.filter((permission) => keyCan(['predict'], permission))).toEqual(['prediction.create'])
    expect(keyCan([], 'project.read')).toBe(false)
    expect(keyCan(['predict', 'feedback'], 'feedback.write')).toBe(true)
  })

  it('can be granted only by somebody who holds them', () => {
    for (const role of ROLES) {
      for (const scope of KEY_SCOPE_NAMES) {
        const holds = KEY_SCOPES[scope].permissions.every((permission) => can(role, permission))
        expect(mayGrant(role, [scope])).toBe(holds)
      }
    }
    expect(mayGrant('editor', ['write', 'deploy'])).toBe(false)
  })
})

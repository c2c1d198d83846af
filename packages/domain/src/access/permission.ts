/** Who may do what: roles are totally ordered, each permission has the least role that holds it. */
import { refuse } from '../refusal.ts'

export const ROLES = ['viewer', 'editor', 'deployer', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** Each permission with the least role that holds it, and what it allows. */
export const PERMISSIONS = {
  'project.read': { least: 'viewer', allows: 'see everything in the project' },
  'ledger.read': { least: 'viewer', allows: 'read and verify the ledger' },
  'dataset.write': { least: 'editor', allows: 'register dataset versions and splits' },
  'dataset.waive': { least: 'deployer', allows: 'waive a failed quality gate with a signed reason' },
  'run.write': { least: 'editor', allows: 'log runs, metrics, tags and artifacts' },
  'job.submit': { least: 'editor', allows: 'submit training jobs' },
  'job.cancel': { least: 'editor', allows: 'cancel jobs' },
  'model.register': { least: 'editor', allows: 'register model versions' },
  'model.approve': { least: 'deployer', allows: 'approve or reject a model version, and waive its gates' },
  'feedback.write': { least: 'editor', allows: 'send true labels for predictions' },
  'prediction.create': { least: 'editor', allows: 'ask an endpoint for predictions' },
  'endpoint.deploy': { least: 'deployer', allows: 'create endpoints and deploy variants' },
  'rollout.act': { least: 'deployer', allows: 'start, pause, resume, promote, abort and roll back a rollout' },
  'monitor.write': { least: 'editor', allows: 'set drift and quality monitors' },
  'alert.act': { least: 'editor', allows: 'acknowledge, silence and resolve alerts' },
  'channel.manage': { least: 'admin', allows: 'add, change and test alert channels' },
  'runner.manage': { least: 'admin', allows: 'enrol, drain and remove runners' },
  'gateway.manage': { least: 'admin', allows: 'enrol and remove gateways' },
  'key.manage': { least: 'admin', allows: 'create and revoke API keys' },
  'member.manage': { least: 'admin', allows: 'add and remove members and change their roles' },
  'project.configure': { least: 'admin', allows: 'change KPIs, thresholds, quotas and retention' },
} as const satisfies Record<string, { least: Role; allows: string }>

export type Permission = keyof typeof PERMISSIONS
export const PERMISSION_NAMES = Object.keys(PERMISSIONS) as Permission[]

/** Whether the role holds the permission. */
export function can(role: Role, permission: Permission): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission].least)
}

/** All permissions of a role, in catalogue order. */
export function permissionsOf(role: Role): Permission[] {
  return PERMISSION_NAMES.filter((permission) => can(role, permission))
}

/** @throws Refusal `forbidden` naming the permission and the least role that would do. */
export function requirePermission(role: Role | null, permission: Permission): void {
  if (role !== null && can(role, permission)) return
  const { least, allows } = PERMISSIONS[permission]
  refuse('forbidden', `to ${allows} takes the role ${least} or higher in this project`, {
    details: { permission, least, role },
  })
}

/** What an API key may be made for; a key never holds more than its scopes, whoever made it. */
export const KEY_SCOPES = {
  predict: { permissions: ['prediction.create'], allows: 'call endpoints through a gateway' },
  feedback: { permissions: ['feedback.write'], allows: 'send true labels' },
  read: { permissions: permissionsOf('viewer'), allows: 'read everything in the project' },
  write: { permissions: permissionsOf('editor'), allows: 'do what an editor does' },
  deploy: { permissions: permissionsOf('deployer'), allows: 'do what a deployer does' },
  admin: { permissions: permissionsOf('admin'), allows: 'do what an administrator does' },
} as const satisfies Record<string, { permissions: readonly Permission[]; allows: string }>

export type KeyScope = keyof typeof KEY_SCOPES
export const KEY_SCOPE_NAMES = Object.keys(KEY_SCOPES) as KeyScope[]

/** Whether a key with these scopes holds the permission. */
export function keyCan(scopes: readonly KeyScope[], permission: Permission): boolean {
  return scopes.some((scope) => (KEY_SCOPES[scope].permissions as readonly Permission[]).includes(permission))
}

/** Whether somebody of that role may hand out a key with these scopes: nobody gives more than they hold. */
export function mayGrant(role: Role, scopes: readonly KeyScope[]): boolean {
  return scopes.every((scope) => KEY_SCOPES[scope].permissions.every((permission) => can(role, permission)))
}

import { KEY_SCOPE_NAMES } from '@modelyard/domain'
import { z } from 'zod'
import { DisplayName, IdempotencyKey, IsoTime, idOf, Slug } from './common.ts'

export const Task = z.enum(['binary', 'multiclass', 'regression'])
export const KpiMetric = z.enum(['accuracy', 'macro_f1', 'p95_latency_ms', 'error_ratio', 'rmse'])

/** Written once; becomes promotion gate, rollout guard, alert rule and chart line. */
export const Kpi = z.object({ metric: KpiMetric, op: z.enum(['>=', '<=']), target: z.number() })
export type Kpi = z.infer<typeof Kpi>

export const Role = z.enum(['viewer', 'editor', 'deployer', 'admin'])
export type Role = z.infer<typeof Role>

/** First parts of the console's own addresses: a project of such a name could never be opened. */
export const RESERVED_PROJECT_NAMES: readonly string[] = [
  'a',
  'api',
  'health',
  'login',
  'logout',
  'metrics',
  'mlflow',
  'preferences',
  'r',
]

export const CreateProject = z.object({
  slug: Slug.refine((slug) => !RESERVED_PROJECT_NAMES.includes(slug), 'this name is the console’s own; choose another'),
  name: DisplayName,
  task: Task,
  kpis: z.array(Kpi).max(20).default([]),
  idempotencyKey: IdempotencyKey,
})
export const Project = z.object({
  id: idOf('prj'),
  slug: Slug,
  name: z.string(),
  task: Task,
  kpis: z.array(Kpi),
  role: Role,
  createdAt: IsoTime,
})
export type Project = z.infer<typeof Project>

export const Member = z.object({ userId: z.string(), name: z.string(), email: z.string(), role: Role })
export const AddMember = z.object({
  project: Slug,
  email: z.email(),
  name: DisplayName,
  role: Role,
  /** Given only when the account does not exist yet. */
  password: z.string().min(12).max(200).optional(),
  idempotencyKey: IdempotencyKey,
})

export const KeyScope = z.enum(KEY_SCOPE_NAMES)
export const CreateApiKey = z.object({
  /** Absent: every project of its owner. */
  project: Slug.optional(),
  name: DisplayName,
  scopes: z.array(KeyScope).min(1),
  expiresInDays: z.number().int().min(1).max(365).default(90),
  idempotencyKey: IdempotencyKey,
})
export const ApiKey = z.object({
  id: idOf('key'),
  name: z.string(),
  hint: z.string(),
  scopes: z.array(KeyScope),
  project: Slug.nullable(),
  createdAt: IsoTime,
  expiresAt: IsoTime.nullable(),
  lastUsedAt: IsoTime.nullable(),
  revokedAt: IsoTime.nullable(),
})
/** `secret` is returned once and never stored. */
export const CreatedApiKey = ApiKey.extend({ secret: z.string() })

export const Viewer = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  kind: z.enum(['user', 'api_key']),
  projects: z.array(Project),
})
export type Viewer = z.infer<typeof Viewer>

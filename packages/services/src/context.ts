import type { BlobStore } from '@modelyard/artifacts'
import type { ModelSignature } from '@modelyard/contracts'
import type { Actor, Db, tables } from '@modelyard/db'
import type { IdPrefix, KeyScope, Role } from '@modelyard/domain'
import type { Happened } from './happened.ts'
import type { RunCache } from './search/run-cache.ts'

/** Who calls, as the door established it. Authorisation is decided inside each verb. */
export type Principal =
  | { kind: 'user'; userId: string; name: string; email: string }
  | {
      kind: 'api_key'
      keyId: string
      userId: string
      name: string
      email: string
      scopes: KeyScope[]
      projectId: string | null
    }
  | { kind: 'runner'; runnerId: string; name: string }
  | { kind: 'enrol'; sha256: string }
  | { kind: 'gateway'; gatewayId: string; name: string }
  /** The training process of one attempt, logging over MLflow's protocol for as long as the attempt lives. */
  | { kind: 'attempt'; attemptId: string; jobId: string; runId: string; projectId: string; fence: number }
  | { kind: 'system'; name: string }

export type Log = {
  info: (detail: object, message: string) => void
  warn: (detail: object, message: string) => void
  error: (detail: object, message: string) => void
}

/** A project with the role that the caller has in it. */
export type Scope = { project: typeof tables.project.$inferSelect; role: Role }

/** What every verb gets: no verb reads a clock, draws a random number or finds a file by itself. */
export type Ctx = {
  db: Db
  principal: Principal
  /** The project a door found together with the caller; it spares the verb asking again. */
  scope?: Scope
  now: () => Date
  newId: (prefix: IdPrefix) => string
  /** 256 random bits, base64url. */
  newSecret: () => string
  sha256: (text: string) => string
  blobs: BlobStore
  /** The largest artifact that is taken; 10 GiB where the installation says nothing. */
  maxArtifactBytes?: number
  /** What searches keep of runs; without it they read every run anew. */
  runCache?: RunCache
  log: Log
  /** W3C traceparent of the call, where one is sampled. */
  traceparent: () => string | null
  /** Reads an ONNX file's signature in a sandboxed way; refuses what is none. */
  inspectModel: (bytes: Uint8Array) => Promise<ModelSignature>
  hashPassword: (password: string) => Promise<string>
  /** Seal and open secrets under the installation's key; `derive` gives the same 256 bits, base64url, for the same label. */
  seal: { seal: (plain: string) => string; open: (sealed: string) => string; derive: (label: string) => string }
  /** Told of what commits brought about. */
  happened: (event: Happened) => void
  /** Wake the worker for a topic; losing it loses nothing, a sweep finds the same work. */
  nudge: (topic: string, id: string) => Promise<void>
  /** `host:port` pairs that may be reached although they are private. */
  webhookAllow: readonly string[]
  /** Public address of the console, for links in messages. */
  consoleUrl: string
}

/** The caller as the ledger names it. */
export function actorOf(principal: Principal): Actor {
  switch (principal.kind) {
    case 'user':
      return { kind: 'user', id: principal.userId, label: principal.name, userId: principal.userId }
    case 'api_key':
      return { kind: 'api_key', id: principal.keyId, label: principal.name, userId: principal.userId }
    case 'runner':
      return { kind: 'runner', id: principal.runnerId, label: principal.name }
    case 'gateway':
      return { kind: 'gateway', id: principal.gatewayId, label: principal.name }
    case 'attempt':
      return { kind: 'system', id: principal.attemptId, label: `job ${principal.jobId}` }
    case 'enrol':
      return { kind: 'system', id: 'enrolment', label: 'enrolment token' }
    case 'system':
      return { kind: 'system', id: principal.name, label: principal.name }
  }
}

/** The person behind a call; null for machines. */
export function userIdOf(principal: Principal): string | null {
  return principal.kind === 'user' || principal.kind === 'api_key' ? principal.userId : null
}

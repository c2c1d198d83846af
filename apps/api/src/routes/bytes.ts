import { pipeline } from 'node:stream/promises'
import { prefixOf, refuse, type ServedFile, serveFile } from '@modelyard/domain'
import {
  type ArtifactOwner,
  appendLog,
  appendUpload,
  asGateway,
  type Ctx,
  openArtifact,
  openBlob,
  openInput,
  openModelBlob,
  type ReadableBlob,
} from '@modelyard/services'
import { bearerOf, sendJson, wholeNumber } from '../http.ts'
import type { Call, Route } from '../server.ts'

const PART_BYTES = 8 * 1024 * 1024
const LOG_BYTES = 1024 * 1024
const SHA = '(?<sha256>[0-9a-f]{64})'
const id = (prefix: string) => `(?<id>${prefix}_[0-9a-z]{26})`

type WithCtx = (token: string | null) => Promise<Ctx | null>

/** Routes that carry bytes; each verb decides what its caller may touch. */
export function byteRoutes(ctxFor: WithCtx): Route[] {
  const called = (work: (ctx: Ctx, call: Call) => Promise<void>) => async (call: Call) => {
    const ctx = await ctxFor(bearerOf(call.request))
    if (!ctx) return refuse('unauthenticated', 'send a key or token as a bearer token')
    await work(ctx, call)
  }
  return [
    { method: 'PUT', name: '/uploads/{id}', path: new RegExp(`^/uploads/${id('upl')}$`), handle: called(putUpload) },
    {
      method: 'PUT',
      name: '/attempts/{id}/log',
      path: new RegExp(`^/attempts/${id('att')}/log$`),
      handle: called(putLog),
    },
    {
      method: 'GET',
      name: '/attempts/{id}/inputs/{sha256}',
      path: new RegExp(`^/attempts/${id('att')}/inputs/${SHA}$`),
      handle: called(getInput),
    },
    { method: 'GET', name: '/blobs/{sha256}', path: new RegExp(`^/blobs/${SHA}$`), handle: called(getModelBlob) },
    {
      method: 'GET',
      name: '/projects/{slug}/blobs/{sha256}',
      path: new RegExp(`^/projects/(?<project>[a-z0-9-]{1,63})/blobs/${SHA}$`),
      handle: called(getProjectBlob),
    },
    {
      method: 'GET',
      name: '/projects/{slug}/artifacts/{owner}',
      path: /^\/projects\/(?<project>[a-z0-9-]{1,63})\/artifacts\/(?<owner>(?:run|lm|mv)_[0-9a-z]{26})$/,
      handle: called(getArtifact),
    },
  ]
}

async function putUpload(ctx: Ctx, { request, response, url, params }: Call): Promise<void> {
  const offset = wholeNumber(url, 'offset')
  const part = { uploadId: params.id ?? '', offset, body: request, maxBytes: PART_BYTES }
  const { offset: size } = await appendUpload(ctx, part)
  sendJson(response, 200, { size })
}

async function putLog(ctx: Ctx, { request, response, url, params }: Call): Promise<void> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > LOG_BYTES) refuse('too_large', `send at most ${LOG_BYTES} bytes of log at once`)
    parts.push(part)
  }
  const ack = await appendLog(ctx, {
    attemptId: params.id ?? '',
    fence: wholeNumber(url, 'fence'),
    offset: wholeNumber(url, 'offset'),
    bytes: Buffer.concat(parts),
  })
  sendJson(response, 200, ack)
}

async function getInput(ctx: Ctx, call: Call): Promise<void> {
  await sendBlob(call, await openInput(ctx, { attemptId: call.params.id ?? '', sha256: call.params.sha256 ?? '' }))
}

async function getModelBlob(ctx: Ctx, call: Call): Promise<void> {
  asGateway(ctx)
  await sendBlob(call, await openModelBlob(ctx, { sha256: call.params.sha256 ?? '' }))
}

async function getProjectBlob(ctx: Ctx, call: Call): Promise<void> {
  await sendBlob(call, await openBlob(ctx, { project: call.params.project ?? '', sha256: call.params.sha256 ?? '' }))
}

const OWNERS: Readonly<Record<string, ArtifactOwner['kind']>> = {
  run: 'run',
  lm: 'logged_model',
  mv: 'model_version',
}

/** `?path=`: a path below the owner, which no part of HTTP normalises in a query. */
async function getArtifact(ctx: Ctx, call: Call): Promise<void> {
  const { project = '', owner: id = '' } = call.params
  const kind = OWNERS[prefixOf(id) ?? ''] ?? refuse('not_found', `there is no "${id}"`, { field: 'owner' })
  const path = call.url.searchParams.get('path') ?? ''
  await send(call, await openArtifact(ctx, { project, owner: { kind, id }, path }))
}

async function sendBlob(call: Call, blob: ReadableBlob): Promise<void> {
  await send(call, { ...blob, path: blob.sha256, mediaType: 'application/octet-stream' })
}

async function send({ request, response }: Call, file: ServedFile & ReadableBlob): Promise<void> {
  const { range = null, 'if-range': ifRange = null, 'if-none-match': ifNoneMatch = null } = request.headers
  const serving = serveFile(file, { range, ifRange: textOf(ifRange), ifNoneMatch })
  const body = serving.send === 'nothing' ? null : await file.read(serving.send === 'whole' ? undefined : serving.send)
  response.writeHead(serving.status, serving.headers)
  if (body) await pipeline(body, response)
  else response.end()
}

const textOf = (header: string | string[] | null) => (Array.isArray(header) ? header.join(', ') : header)

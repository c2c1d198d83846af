import { refuse, type ServedFile, serveFile } from '@modelyard/domain'
import {
  type ArtifactPlace,
  deleteArtifact,
  getVersionRecord,
  listArtifactFolder,
  openArtifact,
  type ReadableBlob,
  writeArtifact,
} from '@modelyard/services'
import { z } from 'zod'
import { artifactPathOf, wireTypeOf } from '../artifact-path.ts'
import { type Answer, type Endpoint, endpoint, type WireRequest } from '../endpoint.ts'
import { integer, loggedModelId, optional, required, runId, text, withRunId } from '../fields.ts'
import { Reply } from '../reply.ts'
import { artifactUriOf, entriesOf } from '../shapes/artifact.ts'

const path = required(text(4_096))
const folder = optional(text(4_096)).transform((said) => said ?? '')

/** Bytes of runs, logged models and versions, streamed through this server: clients need no credentials of a store. */
const proxy: readonly Endpoint[] = [
  endpoint({
    methods: ['PUT'],
    root: 'mlflow-artifacts',
    path: '/artifacts/{path*}',
    takes: 'bytes',
    input: z.object({ path }),
    handle: async ({ ctx, project, input, request }) => {
      const place = artifactPathOf(input.path)
      await writeArtifact(ctx, { project, ...place, body: request.body ?? nothing(), ...announced(request) }).catch(
        (error: unknown) => {
          // Nobody hears this answer; the log must not take it for a fault of ours.
          if (request.signal.aborted) refuse('invalid', 'the connection broke off before the body was whole')
          throw error
        },
      )
      return {}
    },
  }),
  endpoint({
    methods: ['GET'],
    root: 'mlflow-artifacts',
    path: '/artifacts/{path*}',
    input: z.object({ path }),
    handle: async ({ ctx, project, input, request }) =>
      sendFile(request, await openArtifact(ctx, { project, ...artifactPathOf(input.path) })),
  }),
  endpoint({
    methods: ['DELETE'],
    root: 'mlflow-artifacts',
    path: '/artifacts/{path*}',
    takes: 'bytes',
    input: z.object({ path }),
    handle: async ({ ctx, project, input }) => {
      await deleteArtifact(ctx, { project, ...artifactPathOf(input.path) })
      return {}
    },
  }),
  endpoint({
    methods: ['GET'],
    root: 'mlflow-artifacts',
    path: '/artifacts',
    input: z.object({ path }),
    handle: async ({ ctx, project, input }) => {
      const place = artifactPathOf(input.path)
      const { entries } = await listArtifactFolder(ctx, { project, ...place, folder: place.path })
      return entriesOf(entries, '')
    },
  }),
]

/** The same files by the run, version or model they belong to. */
const byOwner: readonly Endpoint[] = [
  endpoint({
    methods: ['GET'],
    path: '/artifacts/list',
    input: withRunId(z.object({ run_id: runId, path: folder })),
    handle: async ({ ctx, project, input }) =>
      listing(ctx, { project, owner: { kind: 'run', id: input.run_id }, folder: input.path }),
  }),
  endpoint({
    methods: ['GET'],
    root: 'bare',
    path: '/get-artifact',
    input: withRunId(z.object({ run_id: runId, path })),
    handle: async ({ ctx, project, input, request }) =>
      sendFile(
        request,
        await openArtifact(ctx, { project, owner: { kind: 'run', id: input.run_id }, path: input.path }),
      ),
  }),
  endpoint({
    methods: ['GET'],
    root: 'bare',
    path: '/model-versions/get-artifact',
    input: z.object({ name: required(text(256)), version: required(integer(1, 1_000_000_000)), path }),
    handle: async ({ ctx, project, input, request }) => {
      const { id } = await getVersionRecord(ctx, { project, model: input.name, version: input.version })
      return sendFile(
        request,
        await openArtifact(ctx, { project, owner: { kind: 'model_version', id }, path: input.path }),
      )
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/logged-models/{model_id}/artifacts/directories',
    input: z.object({ model_id: loggedModelId, artifact_directory_path: folder }),
    handle: async ({ ctx, project, input }) => {
      const owner = { kind: 'logged_model' as const, id: input.model_id }
      return listing(ctx, { project, owner, folder: input.artifact_directory_path })
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/logged-models/{model_id}/artifacts/files',
    input: z.object({ model_id: loggedModelId, artifact_file_path: path }),
    handle: async ({ ctx, project, input, request }) => {
      const owner = { kind: 'logged_model' as const, id: input.model_id }
      return sendFile(request, await openArtifact(ctx, { project, owner, path: input.artifact_file_path }))
    },
  }),
]

export const artifactEndpoints: readonly Endpoint[] = [...proxy, ...byOwner]

/** Paths from the owner's root on, and where that root is. */
async function listing(
  ctx: Parameters<typeof listArtifactFolder>[0],
  input: ArtifactPlace & { folder: string },
): Promise<Answer> {
  const { entries, folder: of, experiment } = await listArtifactFolder(ctx, input)
  return { root_uri: artifactUriOf(input.owner, experiment), ...entriesOf(entries, of) }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function announced({ headers }: WireRequest): { announcedBytes?: number } {
  const length = headers.get('content-length')
  return length !== null && /^\d{1,15}$/.test(length) ? { announcedBytes: Number(length) } : {}
}

async function sendFile({ headers: asked }: WireRequest, file: ServedFile & ReadableBlob): Promise<Reply> {
  const { status, headers, send } = serveFile(
    { ...file, mediaType: wireTypeOf(file.path, file.mediaType) },
    { range: asked.get('range'), ifRange: asked.get('if-range'), ifNoneMatch: asked.get('if-none-match') },
  )
  if (send === 'nothing') return new Reply(status, headers)
  return new Reply(status, headers, await file.read(send === 'whole' ? undefined : send))
}

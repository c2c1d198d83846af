import type { Ctx } from '@modelyard/services'
import type { z } from 'zod'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * Where the paths of an endpoint begin. All but `bare` answer under `/api` and `/ajax-api`, and every one of them also
 * behind `/projects/<slug>`.
 */
export const ROOTS = {
  mlflow: '2.0/mlflow',
  'mlflow-artifacts': '2.0/mlflow-artifacts',
  'mlflow-v3': '3.0/mlflow',
  bare: '',
} as const
export type Root = keyof typeof ROOTS

/** What of the request an endpoint may read beside its input. */
export type WireRequest = {
  method: string
  headers: Headers
  /** Unread where the endpoint takes bytes, else null. */
  body: AsyncIterable<Uint8Array> | null
  /** Aborted when the client hangs up. */
  signal: AbortSignal
}

export type Call<Input> = {
  /** Holds the caller and, as `scope`, the project; verbs ask `inProject(ctx, project, permission)` first all the same. */
  ctx: Ctx
  /** Slug of the project the caller works in. */
  project: string
  input: Input
  /** Parts of the path by name, decoded once. They are also fields of the input, where they win over the body. */
  params: Readonly<Record<string, string>>
  request: WireRequest
}

/** JSON (see json.ts; `{}` when there is nothing to say), or a Reply where bytes or headers matter. */
export type Answer = object

type Definition<Input extends z.ZodType> = {
  methods: readonly Method[]
  root?: Root
  /** From the root on, for example `/logged-models/{model_id}/tags`; `{path*}` takes all the rest, slashes included. */
  path: string
  /** The shape of query or body, made of the shapes in fields.ts. */
  input: Input
  /** `bytes`: the body is not JSON and is left to the handler. */
  takes?: 'fields' | 'bytes'
  handle: (call: Call<z.output<Input>>) => Promise<Answer>
}

/** An endpoint as the router knows it: its input is validated inside. */
export type Endpoint = {
  methods: readonly Method[]
  root: Root
  path: string
  takes: 'fields' | 'bytes'
  /** @throws ZodError naming the field that is wrong. */
  answer: (call: Omit<Call<unknown>, 'input'>, fields: unknown) => Promise<Answer>
}

/** The only way to define an endpoint. */
export function endpoint<Input extends z.ZodType>(definition: Definition<Input>): Endpoint {
  const { methods, root = 'mlflow', path, takes = 'fields', input, handle } = definition
  return {
    methods,
    root,
    path,
    takes,
    answer: async (call, fields) => handle({ ...call, input: input.parse(fields) }),
  }
}

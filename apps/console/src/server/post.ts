import 'server-only'
import { createConsoleCaller } from '@modelyard/trpc'
import { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import { callFor, wire } from '../wire.ts'
import type { Api } from './api.ts'
import { flashCookie } from './flash.ts'
import { readForm, seeOther } from './forms.ts'
import { patternOf } from './patterns.ts'
import { traced } from './traced.ts'

/** Why a posted form changed nothing, in the words the pages know. */
export type Fault = 'forbidden' | 'changed' | 'fault'

/** What was said about it; of input that is not of the right shape only the first fault, by its field. */
function wordsOf(error: unknown): string | null {
  const cause = error instanceof TRPCError ? error.cause : error
  if (cause instanceof ZodError) {
    const issue = cause.issues[0]
    return `${issue?.path.join('.') || 'the form'}: ${issue?.message ?? 'not of the right shape'}`
  }
  return error instanceof Error ? error.message : null
}

function faultOf(error: unknown): Fault {
  if (error instanceof ZodError) return 'changed'
  if (error instanceof TRPCError) {
    if (error.code === 'FORBIDDEN') return 'forbidden'
    if (['CONFLICT', 'PRECONDITION_FAILED', 'NOT_FOUND', 'BAD_REQUEST'].includes(error.code)) return 'changed'
  }
  wire().log.error({ err: error }, 'a form could not be carried out')
  return 'fault'
}

type Steps = {
  /** The page the form stands on: where a fault or a missing session leads back to. */
  page: string
  /** Carries the form out and says where to go. */
  act: (api: Api, form: URLSearchParams) => Promise<string>
}

/** The way of every form that works without script: our origin, a session, one effect, an address to look at next. */
export function actOnForm(request: Request, steps: Steps): Promise<Response> {
  return traced(request, patternOf(new URL(request.url).pathname), () => carryOut(request, steps))
}

async function carryOut(request: Request, { page, act }: Steps): Promise<Response> {
  const read = await readForm(request)
  if ('refused' in read) return read.refused
  const call = await callFor(request.headers)
  if (call.ctx === null) return seeOther(`/login?next=${encodeURIComponent(page)}`)
  try {
    return seeOther(await act(createConsoleCaller(call), read.form))
  } catch (error) {
    const fault = faultOf(error)
    const words = fault === 'fault' ? null : wordsOf(error)
    return seeOther(`${page}?fault=${fault}`, words === null ? [] : [flashCookie(words)])
  }
}

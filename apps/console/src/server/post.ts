import 'server-only'
import { createConsoleCaller } from '@modelyard/trpc'
import { TRPCError } from '@trpc/server'
import { callFor, wire } from '../wire.ts'
import type { Api } from './api.ts'
import { flashCookie } from './flash.ts'
import { readForm, seeOther } from './forms.ts'
import { patternOf } from './patterns.ts'
import { traced } from './traced.ts'

/** Why a posted form changed nothing, in the words the pages know. */
export type Fault = 'forbidden' | 'changed' | 'fault'

function faultOf(error: unknown): Fault {
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
    const why = fault !== 'fault' && error instanceof Error ? [flashCookie(error.message)] : []
    return seeOther(`${page}?fault=${fault}`, why)
  }
}

/** Why a question was refused: in words, and the field that is at fault, where the server named one. */
export type Fault = { message: string; field: string | null; position: number | null }

/** A tRPC error as it reaches the browser; anything else keeps its message. */
export function faultOf(error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error)
  const data = error instanceof Error && 'data' in error ? error.data : null
  const refusal = isRecord(data) && isRecord(data.refusal) ? data.refusal : null
  const details = isRecord(refusal?.details) ? refusal.details : null
  return {
    message,
    field: typeof refusal?.field === 'string' ? refusal.field : null,
    position: typeof details?.position === 'number' ? details.position : null,
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

import { JsonText } from '../json.ts'

declare global {
  interface JSON {
    /** A number that JSON.stringify writes with exactly these digits (ECMAScript 2025). */
    rawJSON(text: string): unknown
  }
}

type Point = { key: string; value: number; atMs: bigint; step: bigint }

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

/**
 * MLflow's `Metric`s as text, with the run they are of where several are meant; undefined for none, of which protobuf's
 * JSON says nothing. Written by the platform, several times faster than by us: histories are long.
 */
export function metricsOf(points: readonly (Point & { run_id?: string })[]): JsonText | undefined {
  if (points.length === 0) return undefined
  const metrics = points.map(({ key, value, atMs, step, run_id }) => {
    return {
      key,
      value: Number.isFinite(value) ? value : String(value),
      timestamp: whole(atMs),
      step: whole(step),
      run_id,
    }
  })
  return new JsonText(JSON.stringify(metrics))
}

/** A number where a double holds it, else its digits as they are. */
function whole(value: bigint): unknown {
  return value <= MAX_SAFE && value >= -MAX_SAFE ? Number(value) : JSON.rawJSON(String(value))
}

/** Log bytes and metric batches: what to do with one that may be late, doubled or too early. */

/** Byte counts: what is stored, where the chunk begins, how long it is. */
export type ChunkVerdict =
  | { kind: 'append'; skipBytes: number; sizeBytes: number }
  | { kind: 'duplicate'; sizeBytes: number }
  | { kind: 'gap'; nextBytes: number }

/**
 * `append` from the chunk's byte `skipBytes` (its head is already stored), `duplicate` when all of it is, `gap` when
 * bytes before it are missing. A lost reply is therefore harmless: the runner sends again.
 */
export function acceptChunk(sizeBytes: number, offBytes: number, lengthBytes: number): ChunkVerdict {
  if (offBytes > sizeBytes) return { kind: 'gap', nextBytes: sizeBytes }
  const endBytes = offBytes + lengthBytes
  if (endBytes <= sizeBytes) return { kind: 'duplicate', sizeBytes }
  return { kind: 'append', skipBytes: sizeBytes - offBytes, sizeBytes: endBytes }
}

export type BatchVerdict = { kind: 'append' | 'duplicate' | 'gap'; nextSeq: number }

/** Batches of metric points carry a sequence number per attempt that starts at 0 and has no holes. */
export function acceptBatch(nextSeq: number, seq: number): BatchVerdict {
  if (seq === nextSeq) return { kind: 'append', nextSeq: nextSeq + 1 }
  return { kind: seq < nextSeq ? 'duplicate' : 'gap', nextSeq }
}

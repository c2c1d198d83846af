import type { Packed } from './packed.ts'

/**
 * Texts of runs at their revision. A run's revision grows with whatever changes the run, so what is kept is never wrong
 * and nobody has to say that something changed, in this process or another; what is not asked for any more falls out.
 */
export type RunCache = {
  get: (id: string, revision: number) => Packed | null
  put: (id: string, revision: number, text: Packed) => void
}

/** What an entry takes beside its bytes: the id, the objects, the place in the map. About. */
const ENTRY_BYTES = 400

/** Keeps about so many bytes: the runs asked for last. */
export function createRunCache({ maxBytes }: { maxBytes: number }): RunCache {
  const kept = new Map<string, { revision: number; text: Packed }>()
  const weightOf = (text: Packed) => text.bytes.length + ENTRY_BYTES
  let held = 0
  const drop = (id: string) => {
    const entry = kept.get(id)
    if (!entry) return
    kept.delete(id)
    held -= weightOf(entry.text)
  }
  return {
    get: (id, revision) => {
      const entry = kept.get(id)
      if (entry?.revision !== revision) return null
      // A map is in the order of insertion: the first entry is the one that was asked for longest ago.
      kept.delete(id)
      kept.set(id, entry)
      return entry.text
    },
    put: (id, revision, text) => {
      const known = kept.get(id)
      if (known && known.revision > revision) return
      drop(id)
      kept.set(id, { revision, text })
      held += weightOf(text)
      for (const oldest of kept.keys()) {
        if (held <= maxBytes) break
        drop(oldest)
      }
    },
  }
}

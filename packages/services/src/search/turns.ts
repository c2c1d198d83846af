/** Lets so many pieces of work go on at once; the others wait their turn, first come first served. */
export function takingTurns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = atOnce
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      // A turn that ends is handed on, so that nobody who comes later slips in between.
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

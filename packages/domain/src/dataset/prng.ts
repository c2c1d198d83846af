/**
 * sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32: the same seed gives the same numbers on every
 * machine and in every version, which Math.random does not promise. Not for secrets.
 */
export type Prng = { nextUint32: () => number; below: (bound: number) => number; unit: () => number }

const WARM_UP = 12

/** A generator from any finite number; only its value modulo 2^32 counts, after truncation. */
export function seededPrng(seed: number): Prng {
  let state = seed >>> 0
  const splitmix = (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) | 0
  }
  let [a, b, c, counter] = [splitmix(), splitmix(), splitmix(), 1]
  const nextUint32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let round = 0; round < WARM_UP; round++) nextUint32()
  return { nextUint32, below: (bound) => belowOf(nextUint32, bound), unit: () => nextUint32() / 2 ** 32 }
}

/** Uniform whole number in [0, bound), without the bias of a plain remainder. */
function belowOf(nextUint32: () => number, bound: number): number {
  const limit = 2 ** 32 - (2 ** 32 % bound)
  let draw = nextUint32()
  while (draw >= limit) draw = nextUint32()
  return draw % bound
}

/** Fisher-Yates, in place. */
export function shuffle<T>(items: T[], prng: Prng): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = prng.below(last + 1)
    const kept = items[last] as T
    items[last] = items[other] as T
    items[other] = kept
  }
  return items
}

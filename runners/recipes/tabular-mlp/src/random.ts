/** Random numbers that are the same on every machine for the same seed; not for secrets. */
export type Random = { unit: () => number; normal: () => number; shuffle: (items: Int32Array) => void }

/** mulberry32 (Tommy Ettinger, public domain). */
export function seededRandom(seed: number): Random {
  let state = seed | 0
  const unit = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  // Box and Muller 1958; 1 - u keeps the logarithm finite.
  const normal = () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())
  const shuffle = (items: Int32Array) => {
    for (let last = items.length - 1; last > 0; last--) {
      const other = Math.floor(unit() * (last + 1))
      const kept = items[last] as number
      items[last] = items[other] as number
      items[other] = kept
    }
  }
  return { unit, normal, shuffle }
}

/** Labels on an axis: more of them would stand too close. */
const MOST_TICKS = 8

/** Both ends of a logarithmic axis with some room; where nothing is above zero there is nothing to be drawn. */
export function logRange(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || low <= 0 || high <= 0) return [0.1, 1]
  const room = Math.max(1.05, (high / low) ** 0.05)
  return [low / room, high * room]
}

/** Round numbers within a range above zero: 1, 2 and 5 of each power of ten, or only powers where those are many. */
export function logTicks(low: number, high: number): number[] {
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))]
  const powers = Array.from({ length: to - from + 1 }, (_, index) => from + index)
  const within = (value: number) => value >= low && value <= high
  // 10 ** -5 is not quite 1e-5: the number is read as it is written.
  const at = (digits: readonly number[], every: number) =>
    powers
      .filter((power) => power % every === 0)
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter(within)
  const fine = at([1, 2, 5], 1)
  if (fine.length <= MOST_TICKS) return fine.length > 1 ? fine : linear(low, high)
  const every = Math.ceil(at([1], 1).length / MOST_TICKS)
  return at([1], every)
}

/** Within less than one round number, an axis goes by equal distances as well. */
function linear(low: number, high: number): number[] {
  const digits = Math.max(0, Math.ceil(-Math.log10(high - low)) + 1)
  const ticks = [0.1, 0.5, 0.9].map((share) => Number((low + (high - low) * share).toFixed(Math.min(20, digits))))
  return [...new Set(ticks)].filter((tick) => tick >= low && tick <= high)
}

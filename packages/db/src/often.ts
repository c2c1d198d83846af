/** Of texts that were asked for once or twice, so many are remembered: those asked for last. */
const MAX_COUNTED = 500

/**
 * Tells, each time a text is asked for, whether it is one of the first `texts` that were asked for `times` times; longer
 * ones than `characters` never are. Whoever shapes the texts can shape any number of them.
 */
export function countOften(limits: { texts: number; characters: number; times: number }): (text: string) => boolean {
  const often = new Set<string>()
  const counted = new Map<string, number>()
  return (text) => {
    if (often.has(text)) return true
    if (often.size >= limits.texts || text.length > limits.characters) return false
    const times = (counted.get(text) ?? 0) + 1
    counted.delete(text)
    if (times >= limits.times) {
      often.add(text)
      return true
    }
    // A map is in the order of insertion: the first text is the one that was asked for longest ago.
    counted.set(text, times)
    const [longestAgo] = counted.keys()
    if (counted.size > MAX_COUNTED && longestAgo !== undefined) counted.delete(longestAgo)
    return false
  }
}

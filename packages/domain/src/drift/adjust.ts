/** Adjusted p-values: what each p-value is worth when many are looked at together. */

export type Correction = 'bonferroni' | 'holm' | 'bh' | 'by'

/** Adjusted p-values in the order given. Holm 1979, Benjamini-Hochberg 1995, Benjamini-Yekutieli 2001. */
export function adjustP(pValues: readonly number[], correction: Correction): number[] {
  const n = pValues.length
  if (correction === 'bonferroni') return pValues.map((p) => Math.min(1, p * n))
  const order = pValues.map((_, index) => index).sort((left, right) => (pValues[left] ?? 1) - (pValues[right] ?? 1))
  const adjusted = new Array<number>(n).fill(1)
  if (correction === 'holm') {
    let highest = 0
    order.forEach((row, index) => {
      highest = Math.max(highest, Math.min(1, (pValues[row] ?? 1) * (n - index)))
      adjusted[row] = highest
    })
    return adjusted
  }
  const factor = correction === 'by' ? pValues.reduce((sum, _, index) => sum + 1 / (index + 1), 0) : 1
  let lowest = 1
  for (let index = n - 1; index >= 0; index--) {
    const row = order[index] ?? 0
    lowest = Math.min(lowest, ((pValues[row] ?? 1) * n * factor) / (index + 1))
    adjusted[row] = lowest
  }
  return adjusted
}

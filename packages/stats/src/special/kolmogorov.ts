/** Limit law of sqrt(n) D (Kolmogorov 1933), the two theta series meeting at z = 0.82. */

/** P(K > z) for the Kolmogorov distribution; relative error about 1e-15 for z >= 0.82, absolute 1e-16 below. */
export function kolmogorovSf(z: number): number {
  if (Number.isNaN(z)) return z
  if (z <= 0) return 1
  if (z < 0.82) return 1 - kolmogorovCdf(z)
  let sum = 0
  for (let k = 1; k < 40; k++) {
    const term = Math.exp(-2 * k * k * z * z)
    sum += k % 2 === 1 ? term : -term
    if (term < 1e-20 * sum) break
  }
  return Math.min(1, 2 * sum)
}

/** P(K <= z); relative error about 1e-15 for z < 0.82. */
export function kolmogorovCdf(z: number): number {
  if (Number.isNaN(z)) return z
  if (z <= 0) return 0
  if (z >= 0.82) return 1 - kolmogorovSf(z)
  const w = -(Math.PI * Math.PI) / (8 * z * z)
  let sum = 0
  for (let k = 1; k < 40; k += 2) {
    const term = Math.exp(w * k * k)
    sum += term
    if (term < 1e-18 * sum) break
  }
  return (Math.sqrt(2 * Math.PI) / z) * sum
}

/** The z with P(K > z) = alpha, 0 < alpha < 1; bisection on a decreasing function, relative error about 1e-15. */
export function kolmogorovIsf(alpha: number): number {
  if (!(alpha >= 0 && alpha <= 1)) return Number.NaN
  if (alpha === 0 || alpha === 1) return alpha === 0 ? Number.POSITIVE_INFINITY : 0
  let low = 0
  let high = 20
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2
    if (kolmogorovSf(middle) > alpha) low = middle
    else high = middle
  }
  return (low + high) / 2
}

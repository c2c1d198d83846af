const PI_SQUARED = Math.PI * Math.PI

/** Polynomial weights of the theta-type sums in K1, K2 and K3 (Pelz & Good 1976, eqs. as in Simard & L'Ecuyer 2011). */
function halfIntegerTerms(h: number, z: number): [number, number, number, number] {
  const z2 = z * z
  const z4 = z2 * z2
  const z6 = z4 * z2
  const q = PI_SQUARED * h * h
  const k1 = q - z2
  const k2 = 6 * z6 + 2 * z4 + q * (2 * z4 - 5 * z2) + q * q * (1 - 2 * z2)
  const linear = q * (135 * z4 - 96 * z6) - 30 * z6 - 90 * z4 * z4
  const k3 = q * q * q * (5 - 30 * z2) + q * q * (-60 * z2 + 212 * z4) + linear
  return [1, k1, k2, k3]
}

/**
 * Distribution function of D_n by the Pelz-Good expansion to order n^-3/2 (Pelz & Good 1976,
 * "Approximating the lower tail-areas of the Kolmogorov-Smirnov one-sample statistic"). Error about n^-2.
 */
export function pelzGoodCdf(n: number, d: number): number {
  const z = Math.sqrt(n) * d
  const z2 = z * z
  const sums: [number, number, number, number] = [0, 0, 0, 0]
  let second = 0
  let third = 0
  const last = Math.ceil((16 * z) / Math.PI) + 1
  for (let k = last; k >= 0; k--) {
    const h = k + 0.5
    const weight = 2 * Math.exp((-PI_SQUARED * h * h) / (2 * z2))
    const terms = halfIntegerTerms(h, z)
    for (let i = 0; i < 4; i++) sums[i as 0] += weight * terms[i as 0]
    const q = PI_SQUARED * k * k
    const whole = 2 * Math.exp(-q / (2 * z2))
    second += whole * q
    third += whole * (3 * q * z2 - q * q)
  }
  const root = Math.sqrt(Math.PI / 2)
  const k0 = (Math.sqrt(2 * Math.PI) / z) * (sums[0] / 2)
  const k1 = (root / (6 * z2 * z2)) * sums[1]
  const k2 = (root / (72 * z2 ** 3 * z)) * sums[2] - (root / (36 * z2 * z)) * second
  const k3 = (root / (6480 * z2 ** 5)) * sums[3] + (root / (216 * z2 ** 3)) * third
  const s = Math.sqrt(n)
  return k0 + (k1 + (k2 + k3 / s) / s) / s
}

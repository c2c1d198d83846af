import { gammaP, gammaQ } from './gamma.ts'

/** P(chi-square(df) > x), df > 0. Relative error about 1e-13 (A&S 26.4.19). A negative x gives 1. */
export function chiSquareSf(x: number, df: number): number {
  return x <= 0 ? 1 : gammaQ(df / 2, x / 2)
}

/** P(chi-square(df) <= x). */
export function chiSquareCdf(x: number, df: number): number {
  return x <= 0 ? 0 : gammaP(df / 2, x / 2)
}

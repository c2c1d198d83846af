import { devianceTermOf, stirlingError, TWO_PI } from './gamma.ts'

/** Sample size above which the one-sided law is given by its closed asymptotic form, as scipy does. */
const LARGEST_SUMMED_SIZE = 1_000_000

/** One term C(n,j) (d+j/n)^(j-1) (1-d-j/n)^(n-j) by the saddle point; nd = n d is the exact gap of both deviances. */
function smirnovTerm(n: number, j: number, nd: number): number {
  if (j === 0) return Math.exp(n * Math.log1p(-nd / n)) / (nd / n)
  const rest = n - j
  const mass = rest - nd
  if (mass <= 0) return rest === 0 ? Math.exp((n - 1) * Math.log((nd + j) / n)) : 0
  const p = (nd + j) / n
  if (rest === 0) return p ** (n - 1)
  const exponent = stirlingError(n) - stirlingError(j) - stirlingError(rest)
  const deviance = devianceTermOf(j, j + nd, -nd) + devianceTermOf(rest, mass, nd)
  return (Math.exp(exponent - deviance) * Math.sqrt(n / (TWO_PI * j * rest))) / p
}

function sumTerms(n: number, nd: number, stride: number): number {
  const last = Math.floor(n - nd)
  let sum = 0
  let lost = 0
  for (let j = 0; j <= last; j += stride) {
    const term = smirnovTerm(n, j, nd) - lost
    const next = sum + term
    lost = next - sum - term
    sum = next
  }
  return sum * stride
}

/**
 * Stride for the sum over j. In t = j/n the summand is t^-3/2 (1-t)^-1/2 exp(-z^2/(2t(1-t))) up to smooth factors:
 * it vanishes at both ends with all derivatives and its Fourier transform falls like exp(-z sqrt(2 pi N)), so by
 * Poisson's summation formula N = 400/z^2 points carry all of double precision (exp(-50)); the rest is idle work.
 */
function summationStride(n: number, d: number): number {
  const points = 400 / (n * d * d) + 400
  return n > 4096 ? Math.max(1, Math.floor(n / points)) : 1
}

/**
 * Upper tail P(D+ >= d) of the one-sided one-sample Kolmogorov-Smirnov statistic, sample size n >= 1
 * (Birnbaum & Tingey 1951; van Mulbregt 2018, arXiv:1802.06966). Relative error about 1e-13 up to n = 1e6; above that the
 * closed form exp(-(6nd+1)^2/(18n)) (Maag & Dicaire 1971), as in scipy, whose relative error there is about 1e-6.
 */
export function smirnovSf(n: number, d: number): number {
  if (!Number.isInteger(n) || n < 1 || Number.isNaN(d)) return Number.NaN
  if (d <= 0) return 1
  if (d >= 1) return 0
  if (n === 1) return 1 - d
  if (n > LARGEST_SUMMED_SIZE) return Math.exp(-((6 * n * d + 1) ** 2) / (18 * n))
  return Math.min(1, d * sumTerms(n, n * d, summationStride(n, d)))
}

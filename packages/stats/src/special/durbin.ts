/** A square matrix with a power-of-ten exponent carried apart, so that powers neither overflow nor underflow. */
type Scaled = { cells: Float64Array; exponent: number }

const SCALE = 1e140

function multiply(a: Scaled, b: Scaled, m: number): Scaled {
  const cells = new Float64Array(m * m)
  for (let i = 0; i < m; i++) {
    for (let k = 0; k < m; k++) {
      const left = a.cells[i * m + k] as number
      if (left === 0) continue
      for (let j = 0; j < m; j++)
        cells[i * m + j] = (cells[i * m + j] as number) + left * (b.cells[k * m + j] as number)
    }
  }
  const result = { cells, exponent: a.exponent + b.exponent }
  const middle = Math.floor(m / 2)
  if ((cells[middle * m + middle] as number) > SCALE) {
    for (let i = 0; i < cells.length; i++) cells[i] = (cells[i] as number) / SCALE
    result.exponent += 140
  }
  return result
}

function power(base: Scaled, m: number, n: number): Scaled {
  if (n === 1) return base
  const half = power(base, m, Math.floor(n / 2))
  const square = multiply(half, half, m)
  return n % 2 === 0 ? square : multiply(base, square, m)
}

/** Matrix H of Marsaglia, Tsang & Wang (2003), with h = k - n d. */
function transitionMatrix(m: number, h: number): Float64Array {
  const cells = new Float64Array(m * m)
  for (let i = 0; i < m; i++) for (let j = 0; j <= Math.min(m - 1, i + 1); j++) cells[i * m + j] = 1
  for (let i = 0; i < m; i++) {
    cells[i * m] = (cells[i * m] as number) - h ** (i + 1)
    cells[(m - 1) * m + i] = (cells[(m - 1) * m + i] as number) - h ** (m - i)
  }
  const corner = (m - 1) * m
  if (2 * h > 1) cells[corner] = (cells[corner] as number) + (2 * h - 1) ** m
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < Math.min(m, i + 2); j++) {
      for (let g = 1; g <= i - j + 1; g++) cells[i * m + j] = (cells[i * m + j] as number) / g
    }
  }
  return cells
}

/** Row k-1 of H^n times n!/n^n, one vector-matrix product a step: rounding grows like sqrt(n), not n as in powers. */
function stepwiseCdf(n: number, m: number, matrix: Float64Array): number {
  let row = new Float64Array(m)
  const k = (m - 1) / 2
  row[k] = 1
  for (let step = 1; step <= n; step++) {
    const next = new Float64Array(m)
    for (let i = 0; i < m; i++) {
      const left = ((row[i] as number) * step) / n
      for (let j = 0; j <= Math.min(m - 1, i + 1); j++)
        next[j] = (next[j] as number) + left * (matrix[i * m + j] as number)
    }
    row = next
  }
  return row[k] as number
}

/**
 * Exact distribution function of D_n by Durbin's matrix (Durbin 1973; Marsaglia, Tsang & Wang 2003, "Evaluating
 * Kolmogorov's Distribution"). Absolute error about 1e-15; cost (2nd)^3 log n.
 */
export function durbinCdf(n: number, d: number): number {
  const k = Math.ceil(n * d)
  const m = 2 * k - 1
  if (n <= 140) return stepwiseCdf(n, m, transitionMatrix(m, k - n * d))
  const result = power({ cells: transitionMatrix(m, k - n * d), exponent: 0 }, m, n)
  let s = result.cells[(k - 1) * m + k - 1] as number
  let exponent = result.exponent
  for (let i = 1; i <= n; i++) {
    s *= i / n
    if (s < 1 / SCALE) {
      s *= SCALE
      exponent -= 140
    }
  }
  return s * 10 ** exponent
}

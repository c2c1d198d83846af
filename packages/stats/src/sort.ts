import type { Sample } from './sample.ts'

/** Ascending copy as Float64Array: infinities at the ends, -0 before 0, every NaN last. */
export function sortedFloat64(sample: Sample): Float64Array {
  return Float64Array.from(sample).sort()
}

/** Ascending copy in single precision. */
export function sortedFloat32(sample: Sample): Float32Array {
  return Float32Array.from(sample).sort()
}

/** True where an ascending array holds a NaN (they sort last). */
export function endsInNaN(sorted: Sample): boolean {
  return sorted.length > 0 && Number.isNaN(sorted[sorted.length - 1] as number)
}

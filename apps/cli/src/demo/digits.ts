import { readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'

/** One scan: 64 grey levels from 0 to 16, and the digit a person read in it. */
export type Scan = { pixels: number[]; label: string }

/** Writers 1 to about half are for training; the model has never seen the others. */
export const TRAINING_ROWS = 900

export function readDigits(): Scan[] {
  const text = gunzipSync(readFileSync(new URL('./data/digits.csv.gz', import.meta.url))).toString('utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const values = line.split(',')
      return { pixels: values.slice(0, -1).map(Number), label: values.at(-1) ?? '' }
    })
}

/** Gzipped CSV with a header line, as a dataset version wants it. */
export function asCsv(scans: readonly Scan[]): Buffer {
  const header = [...Array.from({ length: 64 }, (_, index) => `p${index}`), 'label'].join(',')
  const lines = scans.map(({ pixels, label }) => [...pixels, label].join(','))
  return gzipSync([header, ...lines, ''].join('\n'), { level: 9 })
}

/** A real annotation error: whoever labelled this delivery read every 3 as an 8 and every 8 as a 3. */
export function mislabelled(scans: readonly Scan[]): Scan[] {
  const swap: Record<string, string> = { '3': '8', '8': '3' }
  return scans.map(({ pixels, label }) => ({ pixels, label: swap[label] ?? label }))
}

/** A sensor fault: black is white. */
export const inverted = (pixels: readonly number[]): number[] => pixels.map((value) => 16 - value)

import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { z } from 'zod'

/** Replace a small file as a whole: after a crash it holds the old text or the new one, never half of it. */
export function writeWhole(path: string, text: string, mode = 0o600): void {
  const next = `${path}.next`
  const file = openSync(next, 'w', mode)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(next, path)
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

export const writeJson = (path: string, value: unknown): void => writeWhole(path, JSON.stringify(value))

/** The file's content in its shape; null when there is none or it is not of that shape. */
export function readJson<T extends z.ZodType>(path: string, shape: T): z.output<T> | null {
  try {
    return shape.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Finish } from '@modelyard/contracts'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pauseMs } from '../api.ts'
import { parseGpus } from '../executors/gpu.ts'
import { listRecipes, recipeCommand } from '../recipes.ts'
import { lastWords } from './report.ts'
import { batchOf } from './ship-metrics.ts'
import { listOutputs } from './ship-outputs.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'modelyard-ship-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const lineOf = (step: number, value: unknown = 1) =>
  `${JSON.stringify({ key: 'loss', step, value, at: '2026-01-01T00:00:00Z' })}\n`

test('whole lines make a batch, a half one waits, a last one counts', () => {
  const bytes = Buffer.from(`${lineOf(1)}${lineOf(2)}${lineOf(3).trimEnd()}`)
  const open = batchOf(bytes, 100, false)
  expect(open.points.map(({ step }) => step)).toEqual([1, 2])
  expect(open.to).toBe(100 + lineOf(1).length + lineOf(2).length)
  const closed = batchOf(bytes, 100, true)
  expect(closed.points).toHaveLength(3)
  expect(closed.to).toBe(100 + bytes.length)
})

test('lines that are no points are counted and left out', () => {
  const bytes = Buffer.from(
    [
      'not json',
      '{"key":"x"}',
      lineOf(-1).trim(),
      lineOf(2 ** 63).trim(),
      '{"key":"a","step":1,"value":1e400,"at":"2026-01-01T00:00:00Z"}',
      '',
      lineOf(1, 'NaN').trim(),
      '',
    ].join('\n'),
  )
  expect(batchOf(bytes, 0, false)).toMatchObject({ bad: 5, points: [{ value: 'NaN' }] })
})

test('a batch has at most a thousand points', () => {
  const bytes = Buffer.from(Array.from({ length: 1500 }, (_, step) => lineOf(step)).join(''))
  const first = batchOf(bytes, 0, true)
  expect(first.points).toHaveLength(1000)
  expect(batchOf(bytes.subarray(first.to), first.to, true)).toMatchObject({ to: bytes.length })
})

test('outputs are plain files inside the folder, and links are not followed', () => {
  mkdirSync(join(root, 'deep/er'), { recursive: true })
  writeFileSync(join(root, 'model.onnx'), 'x')
  writeFileSync(join(root, 'deep/er/plot.png'), 'x')
  symlinkSync('/etc/passwd', join(root, 'passwd'))
  symlinkSync('/etc', join(root, 'deep/etc'))
  expect(listOutputs(root)).toEqual(['deep/er/plot.png', 'model.onnx'])
})

test('the reason of a failure is the last line that says one', () => {
  const log = join(root, 'log')
  writeFileSync(log, 'epoch 1\nTypeError: no such column\n    at file.ts:3:1\n    at main.ts:1:1\n\nNode.js v24.1.0\n')
  expect(lastWords(log)).toBe('TypeError: no such column')
  expect(lastWords(join(root, 'none'))).toBe('')
  writeFileSync(log, 'Error: 401 for mya_secret\n')
  expect(lastWords(log, 'mya_secret')).toBe('Error: 401 for **********')
})

test('the last words are text that the control plane takes, whatever a program wrote', () => {
  const log = join(root, 'log')
  writeFileSync(log, `a\0b${'x'.repeat(496)}\u{1f4a5}\n`)
  const words = lastWords(log)
  expect(Finish.shape.reason.safeParse(words).success).toBe(true)
  expect(words).toBe(`ab${'x'.repeat(496)}\ufffd`)
})

test('GPUs are read from the listing; a line that makes no sense is a bad one', () => {
  expect(parseGpus('0, GPU-aa, NVIDIA H100, 81559\n1, GPU-bb, NVIDIA H100, [N/A]\n\n')).toMatchObject([
    { index: 0, uuid: 'GPU-aa', model: 'NVIDIA H100', memoryMb: 81_559, health: 'ok' },
    { index: 1, memoryMb: 0, health: 'bad' },
  ])
})

test('recipes are found as source, as a bundle or as a program, and by plain names only', () => {
  mkdirSync(join(root, 'from-source/src'), { recursive: true })
  writeFileSync(join(root, 'from-source/src/main.ts'), '')
  writeFileSync(join(root, 'bundled.mjs'), '')
  mkdirSync(join(root, 'program'))
  writeFileSync(join(root, 'program/run'), '#!/bin/sh\n', { mode: 0o755 })
  mkdirSync(join(root, 'not-runnable'))
  writeFileSync(join(root, 'not-runnable/run'), '', { mode: 0o644 })
  expect(listRecipes(root)).toEqual(['bundled', 'from-source', 'program'])
  expect(recipeCommand(root, '../etc')).toBeNull()
  expect(recipeCommand(root, 'program')).toEqual([join(root, 'program/run')])
})

test('pauses double up to ten seconds and are spread over the whole interval', () => {
  expect([0, 1, 5, 50].map((failures) => pauseMs(failures, () => 1))).toEqual([200, 400, 6400, 10_000])
  expect(pauseMs(50, () => 0)).toBe(0)
})

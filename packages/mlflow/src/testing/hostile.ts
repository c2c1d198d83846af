import { expect } from 'vitest'
import type { WireAnswer } from './wire.ts'

export const API = '/api/2.0/mlflow'
export const FILES = '/api/2.0/mlflow-artifacts'

/** Refused as a fault of the caller's that will not be repeated, without a word about the machine. */
export function expectRefused(answer: WireAnswer, statuses: readonly number[] = [400, 404]): void {
  expect(statuses).toContain(answer.status)
  const said = answer.bytes.toString()
  expect(said).not.toMatch(/root:|ENOENT|select |node_modules|\bat \//)
}

/** Paths that would leave where they begin, in every encoding. */
export const ESCAPES = [
  '../../../../etc/passwd',
  '..%2F..%2F..%2Fetc%2Fpasswd',
  '%2e%2e/%2e%2e/etc/passwd',
  '%2E%2E%2Fetc%2Fpasswd',
  '%252e%252e/%252e%252e/etc/passwd',
  '..%5C..%5Cetc%5Cpasswd',
  '..\\..\\etc\\passwd',
  '%5Cetc%5Cpasswd',
  '/etc/passwd',
  '%2Fetc%2Fpasswd',
  'C:/Windows/win.ini',
  'C:%5CWindows%5Cwin.ini',
  'dir/../../../x',
  'dir/./secret.txt',
  'dir//secret.txt',
  './dir/secret.txt',
  'a%00b',
  'a%0d%0ab',
  '%c0%ae%c0%ae/etc/passwd',
  '....//....//etc/passwd',
]

/** What no version of a model may be made from. */
export const SOURCES = [
  'file:///etc',
  'file:/etc',
  'FILE:///etc',
  '/etc',
  '//etc',
  '../../etc',
  '\\..\\..\\etc',
  '.\\..\\..\\etc',
  './etc',
  'C:\\Windows',
  'file://localhost/etc',
  'file:///etc#/x',
  'mlflow-artifacts:/../../etc',
  'mlflow-artifacts:/0/../../etc',
  'mlflow-artifacts:/%2e%2e/%2e%2e/etc',
  'mlflow-artifacts:/0/models#/../../etc',
  'mlflow-artifacts:/0;/../etc',
  'mlflow-artifacts://other.example/0/models/x/artifacts',
  'runs:/../../etc',
  'runs:/not-a-run/model',
  'models:/../../etc',
  'models:/scene/1/../../etc',
  'models:/nothing/1',
  'models:/scene/latest#x',
  'http:///#/../../etc/',
  'http://127.0.0.1/x',
  'http://169.254.169.254/latest/meta-data',
  'https://example.com/x?/../../etc',
  's3://bucket/x',
  'dbfs:/x',
  'ftp://host/x',
  'http+file:///etc',
  '$(touch /tmp/owned)',
  '; touch /tmp/owned',
  '`id`',
]

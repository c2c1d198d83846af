import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

export const BUCKET = 'artifacts'
/** The only pair that the server takes. */
export const CREDENTIALS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }

export type S3Server = { endpoint: string; stop: () => Promise<void> }

/** s3rver from npm in a process of its own on loopback: S3's protocol, signatures checked, files in a temporary folder. */
export async function startS3Server(): Promise<S3Server> {
  const dir = mkdtempSync(join(tmpdir(), 'modelyard-s3-'))
  const program = join(dirname(createRequire(import.meta.url).resolve('s3rver/package.json')), 'bin/s3rver.js')
  const args = ['-d', dir, '-a', '127.0.0.1', '-p', '0', '--silent', '--configure-bucket', BUCKET]
  const child = spawn(process.execPath, ['--no-deprecation', program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill()
    await ended
    rmSync(dir, { recursive: true, force: true })
  }
  for await (const line of createInterface(child.stdout)) {
    const port = /listening on 127\.0\.0\.1:(\d+)/.exec(line)?.[1]
    if (port) return { endpoint: `http://127.0.0.1:${port}`, stop }
  }
  await stop()
  throw new Error('s3rver ended before it listened')
}

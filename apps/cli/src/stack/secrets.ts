import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivately } from './private-file.ts'

/** Made once per data folder; the children get them by environment or by a private file, never by argument or log. */
export type Secrets = {
  adminEmail: string
  adminPassword: string
  apiKey: string
  gatewayToken: string
  enrolToken: string
  /** Signs sessions and masks stored settings. */
  sessionSecret: string
  /** The generated password has been printed; it is printed once. */
  passwordShown: boolean
}

const random = (bytes: number): string => randomBytes(bytes).toString('base64url')

function makeSecrets(): Secrets {
  const secret = random(32)
  return {
    adminEmail: 'admin@modelyard.local',
    adminPassword: random(15),
    apiKey: `my_${secret.slice(0, 8).replaceAll(/[^0-9A-Za-z]/g, '0')}_${secret}`,
    gatewayToken: `myg_${random(32)}`,
    enrolToken: `mye_${random(32)}`,
    sessionSecret: random(32),
    passwordShown: false,
  }
}

/** The secrets of a data folder, made at the first call. */
export function secretsOf(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets
  const secrets = makeSecrets()
  writePrivately(file, secrets)
  return secrets
}

export function rememberPasswordShown(dataDir: string, secrets: Secrets): void {
  writePrivately(join(dataDir, 'secrets.json'), { ...secrets, passwordShown: true })
}

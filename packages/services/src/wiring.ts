import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { formatId, refuse } from '@modelyard/domain'
import type { Ctx } from './context.ts'

export type SystemPorts = Pick<Ctx, 'now' | 'newId' | 'newSecret' | 'sha256' | 'seal'>

/** Clock, randomness and sealing of the running system; tests bring their own. `secret` is the installation's. */
export function systemPorts(secret: string): SystemPorts {
  return {
    now: () => new Date(),
    newId: (prefix) => formatId(prefix, Date.now(), randomBytes(10)),
    newSecret: () => randomBytes(32).toString('base64url'),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    seal: sealWith(secret),
  }
}

/** AES-256-GCM under a key derived from the installation's secret; `v1.<nonce>.<tag>.<ciphertext>` in base64url. */
export function sealWith(secret: string): Ctx['seal'] {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'modelyard seal v1', 32))
  const deriving = Buffer.from(hkdfSync('sha256', secret, '', 'modelyard derive v1', 32))
  return {
    seal: (plain) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return [
        'v1',
        nonce.toString('base64url'),
        cipher.getAuthTag().toString('base64url'),
        body.toString('base64url'),
      ].join('.')
    },
    open: (sealed) => {
      const [version, nonce, tag, body] = sealed.split('.')
      if (version !== 'v1' || !nonce || !tag || body === undefined)
        return refuse('internal', 'a sealed secret is not of a known form')
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'))
      decipher.setAuthTag(Buffer.from(tag, 'base64url'))
      return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8')
    },
    derive: (label) => createHmac('sha256', deriving).update(label).digest('base64url'),
  }
}

import { Buffer } from 'node:buffer'

export type Said = { token: string | null; login: string | null }

const NOBODY: Said = { token: null, login: null }

/**
 * What an Authorization header says: a key as bearer token, or as the password of Basic. Clients that hold both send
 * Basic.
 */
export function readCredentials(header: string | null): Said {
  const [, scheme, value] = /^(basic|bearer) +([\x21-\x7e]{1,1000})$/i.exec(header ?? '') ?? []
  if (value === undefined) return NOBODY
  return scheme?.toLowerCase() === 'basic' ? ofBasic(value) : { token: value, login: null }
}

function ofBasic(value: string): Said {
  const text = Buffer.from(value, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? NOBODY : { token: text.slice(colon + 1), login: text.slice(0, colon) }
}

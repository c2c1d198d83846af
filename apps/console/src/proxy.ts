import { type NextRequest, NextResponse } from 'next/server'
import { isDevelopment } from './env.ts'

/** Bytes of runs come under a policy of their own, far narrower than that of pages: see their route. */
const FILES = /^\/[^/]+\/runs\/[^/]+\/file$/

/**
 * Security headers for every page; nothing here decides who may see what (that is each procedure's work).
 * The nonce makes inline scripts of others inert; styles come only from our files.
 */
export function proxy(request: NextRequest): NextResponse {
  if (FILES.test(request.nextUrl.pathname)) return NextResponse.next()
  const nonce = btoa(crypto.randomUUID())
  const development = isDevelopment
  const policy = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
  const forwarded = new Headers(request.headers)
  forwarded.set('x-nonce', nonce)
  forwarded.set('x-path', `${request.nextUrl.pathname}${request.nextUrl.search}`)
  forwarded.set('content-security-policy', policy)
  const response = NextResponse.next({ request: { headers: forwarded } })
  response.headers.set('content-security-policy', policy)
  response.headers.set('x-content-type-options', 'nosniff')
  response.headers.set('x-frame-options', 'DENY')
  response.headers.set('referrer-policy', 'same-origin')
  response.headers.set('cross-origin-opener-policy', 'same-origin')
  response.headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=()')
  if (request.nextUrl.protocol === 'https:') response.headers.set('strict-transport-security', 'max-age=31536000')
  return response
}

export const config = { matcher: ['/((?!_next/static|icon.svg).*)'] }

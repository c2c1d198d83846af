import { refuse } from '@modelyard/domain'
import { type Endpoint, type Method, ROOTS } from './endpoint.ts'

/** A request target taken apart without any normalising: `%2e%2e` and `%2F` are still what the client sent. */
export type Target = {
  /** Of `/projects/<slug>` in front; null without. */
  slug: string | null
  /** From the root on, one leading slash, still percent-encoded. */
  path: string
  query: URLSearchParams
}

export type Found =
  | { kind: 'endpoint'; endpoint: Endpoint; params: Record<string, string>; route: string }
  | { kind: 'method'; allow: string }
  | { kind: 'none' }

const PROJECT = /^\/+projects\/([a-z0-9-]{1,63})(?=\/)/

/** Clients whose tracking address ends in a slash send two at the front. */
export function readTarget(target: string): Target {
  const at = target.indexOf('?')
  const whole = at < 0 ? target : target.slice(0, at)
  const [prefix = '', slug = null] = PROJECT.exec(whole) ?? []
  return {
    slug,
    path: whole.slice(prefix.length).replace(/^\/+/, '/'),
    query: new URLSearchParams(at < 0 ? '' : target.slice(at + 1)),
  }
}

/** Finds the endpoint of a method and a raw path. */
export type Router = (method: string, path: string) => Found

type Line = { endpoint: Endpoint; matches: RegExp; names: string[]; route: string }

/** @throws Error when two endpoints take the same method and path. */
export function createRouter(endpoints: readonly Endpoint[]): Router {
  const lines = endpoints.map(lineOf)
  refuseDoubles(lines)
  return (method, path) => {
    const allowed = new Set<Method>()
    for (const { endpoint, matches, names, route } of lines) {
      const match = matches.exec(path)
      if (!match) continue
      if ((endpoint.methods as readonly string[]).includes(method)) {
        const params = Object.fromEntries(names.map((name, index) => [name, decoded(match[index + 1] ?? '')]))
        return { kind: 'endpoint', endpoint, params, route }
      }
      for (const one of endpoint.methods) allowed.add(one)
    }
    return allowed.size > 0 ? { kind: 'method', allow: [...allowed].join(', ') } : { kind: 'none' }
  }
}

/** How metrics, spans and tests name an endpoint: its path under `/api`, with the names of its parameters. */
export function routeOf({ root, path }: Pick<Endpoint, 'root' | 'path'>): string {
  return root === 'bare' ? path : `/api/${ROOTS[root]}${path}`
}

function lineOf(endpoint: Endpoint): Line {
  const names: string[] = []
  const pattern = endpoint.path.split('/').map((step) => {
    const [, name, rest] = /^\{(\w+)(\*?)\}$/.exec(step) ?? []
    if (name === undefined) return literal(step)
    names.push(name)
    return rest === '*' ? '(.+)' : '([^/]+)'
  })
  const front = endpoint.root === 'bare' ? '' : `/(?:ajax-)?api/${literal(ROOTS[endpoint.root])}`
  return { endpoint, names, matches: new RegExp(`^${front}${pattern.join('/')}$`), route: routeOf(endpoint) }
}

const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Once, and never again: what is still encoded after this is the name itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    return refuse('invalid', 'the path is not well percent-encoded', { cause: error })
  }
}

function refuseDoubles(lines: Line[]): void {
  const seen = new Set<string>()
  for (const { endpoint, matches, route } of lines) {
    for (const method of endpoint.methods) {
      const line = `${method} ${matches.source}`
      if (seen.has(line)) throw new Error(`two endpoints take ${method} ${route}`)
      seen.add(line)
    }
  }
}

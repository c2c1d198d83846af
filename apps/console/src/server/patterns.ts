/** Every page and route of the console by its pattern: raw paths would make a metric without end. */
export const PATTERNS = [
  '/',
  '/login',
  '/login/submit',
  '/logout',
  '/metrics',
  '/mlflow',
  '/preferences',
  '/a/[alert]',
  '/a/[alert]/act',
  '/api/auth/[...all]',
  '/api/health',
  '/api/trpc/[trpc]',
  '/r/[endpoint]',
  '/r/[endpoint]/roll-back',
  '/r/[endpoint]/undo',
  '/[project]/alerts',
  '/[project]/compare',
  '/[project]/datasets',
  '/[project]/datasets/[dataset]/v/[version]',
  '/[project]/endpoints',
  '/[project]/endpoints/[endpoint]',
  '/[project]/endpoints/[endpoint]/drift',
  '/[project]/endpoints/[endpoint]/rollouts/[rollout]',
  '/[project]/go/[id]',
  '/[project]/jobs',
  '/[project]/jobs/[job]',
  '/[project]/ledger',
  '/[project]/models',
  '/[project]/lineage',
  '/[project]/models/[model]',
  '/[project]/models/[model]/compare',
  '/[project]/models/[model]/v/[version]',
  '/[project]/models/[model]/v/[version]/card',
  '/[project]/models/[model]/v/[version]/card/file',
  '/[project]/models/[model]/v/[version]/eval',
  '/[project]/models/[model]/v/[version]/files',
  '/[project]/models/[model]/v/[version]/files/raw',
  '/[project]/models/[model]/v/[version]/lineage',
  '/[project]/now',
  '/[project]/runs',
  '/[project]/runs/[run]',
  '/[project]/runs/[run]/file',
  '/[project]/settings',
  '/[project]/settings/webhooks',
] as const

const KNOWN = PATTERNS.map((pattern) => ({ pattern, parts: pattern.split('/') }))

function fits(parts: readonly string[], path: readonly string[]): boolean {
  const isOpen = parts.at(-1)?.startsWith('[...') ?? false
  if (isOpen ? path.length < parts.length : path.length !== parts.length) return false
  return parts.every((part, place) => (part.startsWith('[') ? path[place] !== '' : part === path[place]))
}

/** The pattern of a request's path; Next's own files are `/_next`, anything else is `none`. */
export function patternOf(path: string): string {
  if (path.startsWith('/_next/')) return '/_next'
  const parts = path.split('/')
  return KNOWN.find((known) => fits(known.parts, parts))?.pattern ?? 'none'
}

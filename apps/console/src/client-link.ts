import { idOfHex } from '@modelyard/domain'

export type ClientLink =
  | { kind: 'home' }
  | { kind: 'run'; runId: string }
  | { kind: 'experiment'; number: number }
  | { kind: 'model'; model: string; version: number | null }

/** What the fragment of a link that MLflow's clients print is about; anything unknown is the front page. */
export function parseClientLink(fragment: string): ClientLink {
  const [, run = ''] = /^#\/experiments\/\d{1,15}\/runs\/([0-9a-f]{32})(?:[/?]|$)/.exec(fragment) ?? []
  const runId = idOfHex('run', run)
  if (runId !== null) return { kind: 'run', runId }
  const [, number] = /^#\/experiments\/(\d{1,15})(?:[/?]|$)/.exec(fragment) ?? []
  if (number !== undefined) return { kind: 'experiment', number: Number(number) }
  const [, name, version] = /^#\/models\/([^/?]+)(?:\/versions\/(\d{1,9}))?(?:[/?]|$)/.exec(fragment) ?? []
  const model = name === undefined ? null : decoded(name)
  if (model !== null) return { kind: 'model', model, version: version === undefined ? null : Number(version) }
  return { kind: 'home' }
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

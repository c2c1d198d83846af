import type { LineageNode } from '@modelyard/contracts'
import { useTranslations } from 'next-intl'
import { hasPage, links } from '../../links.ts'

/** The noun whose states a kind of node has. */
const STATES = { run: 'run', job: 'job', model_version: 'stage', rollout: 'rollout' } as const

function hasStates(kind: LineageNode['kind']): kind is keyof typeof STATES {
  return kind in STATES
}

/** A node in words: its kind, its name with its number, its state. */
export function useNodeWords() {
  const t = useTranslations('lineage')
  const states = useTranslations('client.state')
  return {
    kind: (node: LineageNode) => t(`kind.${node.kind}`),
    name: ({ kind, name, number }: LineageNode) => {
      if (number !== null) return `${name} ${kind === 'variant' ? 'r' : kind === 'rollout' ? '#' : 'v'}${number}`
      return kind === 'code' ? name.slice(0, 12) : name
    },
    state: ({ kind, state }: LineageNode) => {
      if (state === null) return null
      // The states of a kind are its own; a state that came after this page was built is shown as it is.
      if (hasStates(kind)) {
        const key = `${STATES[kind]}.${state}`
        return states.has(key as never) ? states(key as never) : state
      }
      return t.has(`state.${state}` as never) ? t(`state.${state}` as never) : state
    },
  }
}

/** Where a node's own page is; null for what has none. */
export function pageOf(project: string, node: LineageNode): string | null {
  if (node.kind === 'variant') return links.endpoint(project, node.name)
  return hasPage(node.id) ? links.go(project, node.id) : null
}

import { links } from '../links.ts'

export const placeKeys = [
  'now',
  'endpoints',
  'alerts',
  'datasets',
  'runs',
  'jobs',
  'models',
  'ledger',
  'settings',
] as const
export type PlaceKey = (typeof placeKeys)[number]
export type Place = { key: PlaceKey; href: string; group: 'operate' | 'build' | 'govern'; jump: string }

/** The rail in its order; `jump` is the letter after `g`. */
export function placesOf(project: string): Place[] {
  return [
    { key: 'now', href: links.now(project), group: 'operate', jump: 'n' },
    { key: 'endpoints', href: links.endpoints(project), group: 'operate', jump: 'e' },
    { key: 'alerts', href: links.alerts(project), group: 'operate', jump: 'a' },
    { key: 'datasets', href: links.datasets(project), group: 'build', jump: 'd' },
    { key: 'runs', href: links.runs(project), group: 'build', jump: 'x' },
    { key: 'jobs', href: links.jobs(project), group: 'build', jump: 'j' },
    { key: 'models', href: links.models(project), group: 'govern', jump: 'm' },
    { key: 'ledger', href: links.ledger(project), group: 'govern', jump: 'u' },
    { key: 'settings', href: links.settings(project), group: 'govern', jump: 's' },
  ]
}

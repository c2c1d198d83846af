import type { Field } from './condition.ts'
import type { Attribute, SearchEntity } from './entity.ts'

const DATASET_KEYS = ['name', 'digest', 'context']

export type FoundField = { field: Field; attribute: Attribute | null }

/** What a name means for an entity, or in words why it means nothing; attributes come with their descriptor. */
export function fieldOf(
  entity: SearchEntity,
  name: { scope: string | null; key: string },
): FoundField | { fault: string } {
  const of = name.scope === null ? 'attribute' : own(entity.scopes, name.scope)
  if (of === undefined) {
    return { fault: `"${name.scope}." is no part of ${entity.noun}; there are ${listed(Object.keys(entity.scopes))}` }
  }
  if (of === 'attribute') {
    const attribute = own(entity.attributes, name.key)
    if (!attribute) return { fault: `${entity.noun} have no attribute "${name.key}"` }
    return { field: { of, key: attribute.key, type: attribute.type }, attribute }
  }
  if (of === 'dataset' && !DATASET_KEYS.includes(name.key)) {
    return { fault: `datasets are searched by ${listed(DATASET_KEYS)}, not by "${name.key}"` }
  }
  if (name.key === '') return { fault: `the key after "${name.scope}." is empty` }
  return { field: { of, key: name.key, type: of === 'metric' ? 'number' : 'text' }, attribute: null }
}

/** `a, b and c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** A key that objects have by nature, such as `constructor`, is none of ours. */
function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

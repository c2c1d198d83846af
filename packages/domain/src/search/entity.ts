/** What each kind of thing may be searched by: the one place that says which names and comparisons a filter takes. */
import type { Field, Order, Subject } from './condition.ts'

export type Attribute = {
  /** Its canonical name; several names may stand for one attribute. */
  key: string
  type: 'text' | 'number'
  /** Takes whole numbers only. */
  whole?: boolean
  /** Takes IN and NOT IN. */
  list?: boolean
  /** Both unless it says otherwise. */
  only?: 'filter' | 'order'
}

export type SearchEntity = {
  /** For messages. */
  noun: string
  /** Words before the dot and what they mean; a key without such a word is an attribute. */
  scopes: Readonly<Record<string, Subject>>
  attributes: Readonly<Record<string, Attribute>>
  /** What takes IS NULL and IS NOT NULL. */
  presence: readonly Subject[]
  /** What takes IN and NOT IN besides the attributes that say so. */
  lists: readonly Subject[]
  /** What can be ordered by besides attributes. */
  orders: readonly Subject[]
  /** The order where none is asked for. */
  standard: readonly Order[]
  /** Appended to every order that does not name them; together they tell any two apart. */
  ties: readonly Order[]
}

const text = (key: string): Attribute => ({ key, type: 'text' })
const time = (key: string): Attribute => ({ key, type: 'number' })
const by = (key: string, type: Field['type'], descending = false): Order => ({
  field: { of: 'attribute', key, type },
  descending,
})

const attributeScopes = { attribute: 'attribute', attributes: 'attribute', attr: 'attribute' } as const
const tagScopes = { tag: 'tag', tags: 'tag' } as const
const runScopes = {
  ...attributeScopes,
  run: 'attribute',
  metric: 'metric',
  metrics: 'metric',
  param: 'param',
  params: 'param',
  parameter: 'param',
  parameters: 'param',
  ...tagScopes,
} as const

export const RUNS: SearchEntity = {
  noun: 'runs',
  scopes: { ...runScopes, dataset: 'dataset', datasets: 'dataset' },
  attributes: {
    run_id: { ...text('run_id'), list: true },
    run_name: text('run_name'),
    'run name': text('run_name'),
    'Run name': text('run_name'),
    'Run Name': text('run_name'),
    user_id: text('user_id'),
    status: text('status'),
    artifact_uri: text('artifact_uri'),
    start_time: time('start_time'),
    created: time('start_time'),
    Created: time('start_time'),
    end_time: time('end_time'),
  },
  presence: ['tag', 'param'],
  lists: ['dataset'],
  orders: ['metric', 'param', 'tag'],
  standard: [],
  ties: [by('start_time', 'number', true), by('run_id', 'text')],
}

export const EXPERIMENTS: SearchEntity = {
  noun: 'experiments',
  scopes: { ...attributeScopes, ...tagScopes },
  attributes: {
    name: text('name'),
    experiment_id: { ...text('experiment_id'), list: true },
    creation_time: time('creation_time'),
    last_update_time: time('last_update_time'),
  },
  presence: ['tag'],
  lists: [],
  orders: [],
  standard: [by('creation_time', 'number', true)],
  ties: [by('experiment_id', 'number', true)],
}

export const REGISTERED_MODELS: SearchEntity = {
  noun: 'registered models',
  scopes: { ...attributeScopes, ...tagScopes },
  attributes: {
    name: { ...text('name'), list: true },
    timestamp: { ...time('last_updated_timestamp'), only: 'order' },
    last_updated_timestamp: { ...time('last_updated_timestamp'), only: 'order' },
  },
  presence: [],
  lists: [],
  orders: [],
  standard: [],
  ties: [by('name', 'text')],
}

export const MODEL_VERSIONS: SearchEntity = {
  noun: 'model versions',
  scopes: { ...attributeScopes, ...tagScopes },
  attributes: {
    name: { ...text('name'), list: true },
    version_number: { ...time('version_number'), whole: true },
    run_id: { ...text('run_id'), list: true, only: 'filter' },
    source_path: { ...text('source_path'), only: 'filter' },
    creation_timestamp: { ...time('creation_timestamp'), only: 'order' },
    last_updated_timestamp: { ...time('last_updated_timestamp'), only: 'order' },
  },
  presence: [],
  lists: [],
  orders: [],
  standard: [by('last_updated_timestamp', 'number', true)],
  ties: [by('name', 'text'), by('version_number', 'number', true)],
}

export const LOGGED_MODELS: SearchEntity = {
  noun: 'logged models',
  scopes: runScopes,
  attributes: {
    name: { ...text('name'), list: true },
    model_id: { ...text('model_id'), list: true },
    model_type: { ...text('model_type'), list: true },
    status: { ...text('status'), list: true },
    source_run_id: { ...text('source_run_id'), list: true },
    creation_time: time('creation_timestamp'),
    creation_timestamp: time('creation_timestamp'),
    last_updated_time: time('last_updated_timestamp'),
    last_updated_timestamp: time('last_updated_timestamp'),
  },
  presence: [],
  lists: ['param', 'tag'],
  orders: ['metric'],
  standard: [],
  ties: [by('creation_timestamp', 'number', true), by('model_id', 'text')],
}

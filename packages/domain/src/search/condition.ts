/** What a filter and an order come to once they are parsed: plain data that a store turns into its own query. */

export type Subject = 'attribute' | 'metric' | 'param' | 'tag' | 'dataset'

/** Something a search can compare or order by; `key` is the canonical name where it is an attribute. */
export type Field = { of: Subject; key: string; type: 'text' | 'number' }

export type NumberOperator = '=' | '!=' | '<' | '<=' | '>' | '>='
export type TextOperator = '=' | '!=' | 'like' | 'ilike'

/** No comparison but `is null` holds for what lacks the field. */
export type Test =
  | { kind: 'number'; operator: NumberOperator; value: number }
  | { kind: 'text'; operator: TextOperator; value: string }
  | { kind: 'list'; negated: boolean; values: string[] }
  | { kind: 'presence'; present: boolean }

/** One comparison; a filter is a list of them that must all hold. */
export type Condition = { field: Field; test: Test }

/** Numbers come first, then NaN, then what lacks the field, in both directions. */
export type Order = {
  field: Field
  descending: boolean
  /** Of a logged model's metric: only where it was measured on this dataset; no digest means any version. */
  dataset?: { name: string; digest: string | null }
}

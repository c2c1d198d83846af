/**
 * Reasons as a code with arguments beside their English sentence: the sentence goes over every wire and into every
 * record, the code lets the console say the same in the reader's language. Messages of the console carry each code.
 */

import { type RefusalCode, type RefusalContext, refuse } from './refusal.ts'

/** Every code with its sentence. `{because}` stands for other reasons, `{more}` for a count of names left out. */
export const REASONS = {
  artifact_verified: 'the stored bytes match their digest',
  artifact_unverified: 'the stored bytes were not verified against their digest',
  kpi_measured: '{kpi}: measured {value}',
  kpi_reported: '{kpi}: {value} reported by the client, which no evaluation of ours has measured',
  kpi_unmeasured: '{kpi}: nobody measured it',
  data_unknown: 'the training dataset version is not known',
  data_clean: 'nothing found',
  data_faulty: '{because}',
  signature_opaque: 'opaque formats are kept and never served, so nothing has to fit',
  signature_unread: 'the model has no readable signature',
  signature_first: 'nothing serves yet that it must fit',
  signature_fits: 'takes and gives what the serving version does',
  signature_differs: '{because}{more}',
  input_gone: 'input {name} is gone',
  output_gone: 'output {name} is gone',
  input_changed: 'input {name} changed from {from} to {to}',
  output_changed: 'output {name} changed from {from} to {to}',
  input_new: 'input {name} is new and callers do not send it',
  width_fits: 'the model takes {width} features, the dataset has {features}',
  width_free: 'the model fixes no number of features',
  rows: '{rows} rows',
  missing_none: 'no column misses too much',
  missing_in: 'too much missing in {names}{more}',
  duplicates: '{count} of {rows} rows repeat another',
  constant_none: 'every feature varies',
  constant_in: 'one single value in {names}{more}',
  no_feature: 'there is no feature',
  class_sizes: '{count} classes; the largest has {most} rows, the smallest {least}',
  class_enough: 'every class has enough rows',
  class_few: 'too few rows of {names}{more}',
  same_row_none: 'no row stands on both sides',
  same_row: '{count} validation or test rows also stand in training',
  group_none: 'no group stands on both sides',
  group_overlap: '{count} groups stand on both sides: {names}{more}',
  label_hidden: 'no column alone predicts the label',
  label_given_away: 'alone predicts the label: {names}{more}',
  self_approval: 'an approval comes from another person than the one who made or requested the version',
  eval_inputs: 'only models with one input can be evaluated; this one has {count}',
  eval_classes: 'the dataset has no classes to predict; only classifiers can be evaluated',
  eval_width: 'the model takes rows of shape {shape}, the dataset has {features} columns beside its label',
  eval_text: 'the column "{name}" holds {type}, and a model takes numbers',
  eval_gaps: 'the column "{name}" has empty cells, and a model takes numbers',
  eval_outputs: 'no output has one score for each of the {classes} classes or one class number per row: {outputs}',
  eval_decided: '{version} is {stage} already; only candidates are evaluated',
  eval_format: '{version} is no ONNX model, and nothing else is ever opened',
  eval_tied: '{version} comes from another dataset; only that one has a test part it has not seen',
  eval_busy: 'an evaluation on another dataset is under way; wait for its outcome',
  /** A sentence from before there were codes. */
  other: '{text}',
  self_waiver: 'a waiver comes from another person than the one who made or requested the version',
  waiver_needless: 'the gate {gate} passes already',
  waiver_never: 'the gate {gate} is never waived',
  gates_failed: '{version} does not pass its gates: {names}',
} as const satisfies Record<string, string>

export type ReasonCode = keyof typeof REASONS
type Value = string | number
type ArgumentsOf<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ArgumentsOf<Rest>
  : never
/** Arguments of a code; other reasons and the count of names left out are given beside them. */
type Given<Code extends ReasonCode> = Record<Exclude<ArgumentsOf<(typeof REASONS)[Code]>, 'because' | 'more'>, Value>

/** As it is stored and sent. `because` is one level deep. */
export type Reason = { code: string; args: Record<string, Value>; because?: Reason[] }
export type Said = { detail: string; reason: Reason }

/** A reason as its English sentence and as a code with arguments. */
export function say<Code extends ReasonCode>(
  code: Code,
  args: Given<Code> & { more?: number },
  because?: readonly Said[],
): Said {
  const words: Record<string, string> = {
    ...Object.fromEntries(Object.entries<Value>(args).map(([name, value]) => [name, String(value)])),
    because: (because ?? []).map(({ detail }) => detail).join('; '),
    more: args.more ? ` and ${args.more} more` : '',
  }
  const detail = REASONS[code].replaceAll(/\{(\w+)\}/g, (_, name: string) => words[name] ?? '')
  return { detail, reason: { code, args, ...(because && { because: because.map(({ reason }) => reason) }) } }
}

const MAX_NAMED = 5

/** The first of several names as an argument, with how many are left out. */
export function named(names: readonly string[]): { names: string; more: number } {
  return { names: names.slice(0, MAX_NAMED).join(', '), more: Math.max(0, names.length - MAX_NAMED) }
}

/** The first of several reasons, with how many are left out. */
export function sayAll(code: 'data_faulty' | 'signature_differs', all: readonly Said[]): Said {
  return say(code, { more: Math.max(0, all.length - MAX_NAMED) }, all.slice(0, MAX_NAMED))
}

/** Throw a Refusal whose sentence has a code: `details.reason` carries it. */
export function refuseSaid(code: RefusalCode, { detail, reason }: Said, context: RefusalContext = {}): never {
  return refuse(code, detail, { ...context, details: { ...context.details, reason } })
}

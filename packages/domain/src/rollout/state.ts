/** States of a rollout and the arrows between them. */

export const ROLLOUT_STATES = [
  'pending',
  'progressing',
  'paused',
  'rolling_back',
  'rolled_back',
  'promoted',
  'aborted',
] as const
export type RolloutState = (typeof ROLLOUT_STATES)[number]

/** States in which the endpoint counts as having a rollout; at most one per endpoint. */
export const ACTIVE_ROLLOUT_STATES = [
  'pending',
  'progressing',
  'paused',
  'rolling_back',
] as const satisfies readonly RolloutState[]

/** A promoted rollout can still be rolled back by a person: that is what the big button does. */
export const ROLLOUT_TRANSITIONS: Readonly<Record<RolloutState, readonly RolloutState[]>> = {
  pending: ['progressing', 'aborted', 'rolling_back'],
  progressing: ['paused', 'rolling_back', 'promoted', 'aborted'],
  paused: ['progressing', 'rolling_back', 'promoted', 'aborted'],
  rolling_back: ['rolled_back'],
  rolled_back: [],
  promoted: ['rolling_back'],
  aborted: [],
}

export const canMoveRollout = (from: RolloutState, to: RolloutState): boolean => ROLLOUT_TRANSITIONS[from].includes(to)
export const isRolloutActive = (state: RolloutState): boolean =>
  (ACTIVE_ROLLOUT_STATES as readonly RolloutState[]).includes(state)

export const ROLLOUT_COMMANDS = ['pause', 'resume', 'promote', 'abort', 'rollback'] as const
export type RolloutCommandKind = (typeof ROLLOUT_COMMANDS)[number]
/** What a person (or the product in a person's name) asks for. */
export type RolloutCommand = { kind: RolloutCommandKind; actor: string; reason: string }

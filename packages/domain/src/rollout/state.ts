/** States of a rollout and the arrows between them. Routes change in the same transaction as the state. */

export const ROLLOUT_STATES = ['progressing', 'paused', 'rolled_back', 'promoted', 'aborted'] as const
export type RolloutState = (typeof ROLLOUT_STATES)[number]

/** States in which the endpoint counts as having a rollout; at most one per endpoint. */
export const ACTIVE_ROLLOUT_STATES = ['progressing', 'paused'] as const satisfies readonly RolloutState[]

/** A promoted rollout can still be rolled back by a person: that is what the big button does. */
export const ROLLOUT_TRANSITIONS: Readonly<Record<RolloutState, readonly RolloutState[]>> = {
  progressing: ['paused', 'rolled_back', 'promoted', 'aborted'],
  paused: ['progressing', 'rolled_back', 'promoted', 'aborted'],
  rolled_back: [],
  promoted: ['rolled_back'],
  aborted: [],
}

export const canMoveRollout = (from: RolloutState, to: RolloutState): boolean => ROLLOUT_TRANSITIONS[from].includes(to)
export const isRolloutActive = (state: RolloutState): boolean =>
  (ACTIVE_ROLLOUT_STATES as readonly RolloutState[]).includes(state)

export const ROLLOUT_COMMANDS = ['pause', 'resume', 'promote', 'abort', 'roll_back'] as const
export type RolloutCommandKind = (typeof ROLLOUT_COMMANDS)[number]
/** What a person asks for; `actor` is how the ledger names them. */
export type RolloutCommand = { kind: RolloutCommandKind; actor: string; reason: string }

import { describe, expect, it } from 'vitest'
import { stateOfStep } from './use-steps.ts'

describe('the ladder of a rollout', () => {
  it.each([
    ['progressing', 1, ['done', 'current', 'next']],
    ['paused', 0, ['current', 'next', 'next']],
    ['rolled_back', 1, ['done', 'failed', 'next']],
    ['aborted', 0, ['failed', 'next', 'next']],
    ['promoted', 2, ['done', 'done', 'done']],
  ] as const)('%s on step %i', (state, stepIndex, expected) => {
    expect([0, 1, 2].map((index) => stateOfStep({ state, stepIndex }, index))).toEqual(expected)
  })
})

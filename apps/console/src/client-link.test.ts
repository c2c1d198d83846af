import { describe, expect, it } from 'vitest'
import { parseClientLink } from './client-link.ts'

const hex = '01a1fce104471862a98822cd8cfb1ba5'

describe('links that MLflow clients print', () => {
  it.each([
    [`#/experiments/1/runs/${hex}`, { kind: 'run', runId: expect.stringMatching(/^run_[0-9a-z]{26}$/) }],
    [`#/experiments/1/runs/${hex}/artifacts/model`, { kind: 'run', runId: expect.stringMatching(/^run_/) }],
    ['#/experiments/0', { kind: 'experiment', number: 0 }],
    ['#/experiments/12?compareRunsMode=CHART', { kind: 'experiment', number: 12 }],
    ['#/models/digits%20mlp/versions/3', { kind: 'model', model: 'digits mlp', version: 3 }],
    ['#/models/digits', { kind: 'model', model: 'digits', version: null }],
  ])('%s', (fragment, link) => expect(parseClientLink(fragment)).toEqual(link))

  it.each(['', '#', '#/', '#/experiments/x', '#/models/%E0%A4%A', '//evil.test', 'javascript:alert(1)'])(
    '%j is the front page',
    (fragment) => expect(parseClientLink(fragment)).toEqual({ kind: 'home' }),
  )
})

import { REASONS } from '@modelyard/domain/reason'
import { REFUSALS } from '@modelyard/domain/refusal'
import { describe, expect, it } from 'vitest'
import { stateNames } from '../parts/state-pill.tsx'
import en from './en.json'
import zh from './zh-CN.json'

type Tree = { [key: string]: string | Tree }

function flatten(tree: Tree, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') flat.set(prefix + key, value)
    else for (const [path, text] of flatten(value, `${prefix}${key}.`)) flat.set(path, text)
  }
  return flat
}

/** Names of the arguments of an ICU message, wherever they stand. */
function argumentsOf(message: string): string[] {
  return [...new Set([...message.matchAll(/\{(\w+)\s*[,}]/g)].map((match) => match[1] ?? ''))].toSorted()
}

const english = flatten(en)
const chinese = flatten(zh)

describe('messages', () => {
  it('exist in both languages', () => {
    expect([...chinese.keys()].toSorted()).toEqual([...english.keys()].toSorted())
  })

  it('take the same arguments in both languages', () => {
    const differing = [...english].filter(([key, text]) => {
      // The branches of an English plural hold words; what stands before the first one are the arguments.
      const own = argumentsOf(text.replaceAll(/(?:one|other) \{[^}]*\}/g, ''))
      return own.join() !== argumentsOf(chinese.get(key) ?? '').join()
    })
    expect(differing).toEqual([])
  })

  it('are translated: Chinese text holds Chinese, but for signs and names that need none', () => {
    const signs = [...chinese].filter(([, text]) => !/\p{Script=Han}/u.test(text)).map(([key]) => key)
    expect(signs.toSorted()).toEqual([
      'client.actor.system',
      'client.drift.effectGateValue',
      'client.drift.p',
      'client.drift.share',
      'client.drift.testName.ks',
      'client.reason.data_faulty',
      'client.reason.other',
      'client.settings.kpi.rmse',
      'client.settings.kpis',
      'client.table.count',
    ])
  })

  it('say every reason, with the arguments it is given', () => {
    expect(Object.keys(en.client.reason).toSorted()).toEqual(Object.keys(REASONS).toSorted())
    for (const [code, sentence] of Object.entries(REASONS))
      expect(argumentsOf(english.get(`client.reason.${code}`) ?? ''), code).toEqual(argumentsOf(sentence))
  })

  it('name every kind of refusal', () => {
    expect(Object.keys(en.client.refusal).toSorted()).toEqual(Object.keys(REFUSALS).toSorted())
  })

  it('name every state of every noun', () => {
    for (const [noun, states] of Object.entries(stateNames)) {
      for (const state of states) expect(english.has(`client.state.${noun}.${state}`), `${noun}.${state}`).toBe(true)
    }
  })
})

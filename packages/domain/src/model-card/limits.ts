/** What a model version's own records say against relying on it: told on its card whether anybody wrote it down or not. */

export type CardFacts = {
  format: 'onnx' | 'opaque'
  codeCommit: string
  /** Null where no dataset version of ours is known to have trained it. */
  trainingData: { licence: string; blocked: boolean } | null
  /** On rows it never saw; null where there is none. */
  test: {
    rows: number
    accuracyInterval: readonly [number, number]
    macroF1: number
    perClass: readonly { label: string; f1: number; support: number }[]
  } | null
  failedGates: readonly string[]
  waivedGates: readonly { gate: string; by: string; reason: string }[]
}

/** One limit: its code, with the numbers and names its words need. */
export type CardLimit =
  | { code: 'no_test' | 'no_data' | 'no_licence' | 'data_blocked' | 'no_code' | 'opaque' }
  | { code: 'failed_gate'; gate: string }
  | { code: 'waived_gate'; gate: string; by: string; reason: string }
  | { code: 'wide_interval'; rows: number; low: number; high: number }
  | { code: 'weak_class'; label: string; f1: number; macroF1: number; support: number }
  /** Classes with fewer test rows than `below`: all are counted, the first of them named. */
  | { code: 'rare_classes'; count: number; labels: string[]; below: number }

/** Half of a 95 % interval of accuracy at 97 % on 500 rows is 1.5 points; wider than 5 points tells versions apart badly. */
const WIDE = 0.05
/** A class this far below the mean of all is what users of that class will meet. */
const WEAK = 0.05
/** Below this the F1 of a class is an anecdote. */
const RARE = 30
const NAMED = 12

/** The limits that follow from the records, gravest first. */
export function limitsOf(facts: CardFacts): CardLimit[] {
  return [
    ...facts.failedGates.map((gate): CardLimit => ({ code: 'failed_gate', gate })),
    ...facts.waivedGates.map((waived): CardLimit => ({ code: 'waived_gate', ...waived })),
    ...ofTest(facts.test),
    ...ofData(facts.trainingData),
    ...(facts.codeCommit === '' ? [{ code: 'no_code' as const }] : []),
    ...(facts.format === 'opaque' ? [{ code: 'opaque' as const }] : []),
  ]
}

function ofTest(test: CardFacts['test']): CardLimit[] {
  if (test === null) return [{ code: 'no_test' }]
  const [low, high] = test.accuracyInterval
  const { rows, macroF1 } = test
  const byF1 = test.perClass.toSorted((a, b) => a.f1 - b.f1)
  const weak = byF1.filter(({ f1 }) => f1 < macroF1 - WEAK)
  const rare = test.perClass.filter(({ support }) => support < RARE).map(({ label }) => label)
  return [
    ...(high - low > WIDE ? [{ code: 'wide_interval' as const, rows, low, high }] : []),
    ...weak.map(({ label, f1, support }): CardLimit => ({ code: 'weak_class', label, f1, macroF1, support })),
    ...(rare.length > 0
      ? [{ code: 'rare_classes' as const, count: rare.length, labels: rare.slice(0, NAMED), below: RARE }]
      : []),
  ]
}

function ofData(data: CardFacts['trainingData']): CardLimit[] {
  if (data === null) return [{ code: 'no_data' }]
  return [
    ...(data.blocked ? [{ code: 'data_blocked' as const }] : []),
    ...(data.licence === '' ? [{ code: 'no_licence' as const }] : []),
  ]
}

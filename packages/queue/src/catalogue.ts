/**
 * Every kind of background nudge. A message carries an id and nothing else: it only wakes work that a sweep would find
 * anyway, so losing the whole queue loses nothing but seconds.
 */
export const TOPICS = {
  'rollout.rolled_back': 'a rollout rolled back by itself: people are to be told',
  'alert.due': 'an alert has something to deliver',
  'drift.due': 'a window of predictions may be full',
  'storage.maintain': 'partitions are to be made ahead, and old rows to be swept',
} as const satisfies Record<string, string>

export type Topic = keyof typeof TOPICS
export const TOPIC_NAMES = Object.keys(TOPICS) as Topic[]
export const isTopic = (name: string): name is Topic => Object.hasOwn(TOPICS, name)

/** What fires by the clock, once per period for the whole installation, however many workers there are. */
export type Schedule = { name: string; topic: Topic; everyMs: number }
export const SCHEDULES: readonly Schedule[] = [
  { name: 'storage-maintain', topic: 'storage.maintain', everyMs: 3_600_000 },
  { name: 'drift-due', topic: 'drift.due', everyMs: 60_000 },
]

/** One handler per topic: a missing one does not compile. */
export type Handlers = { readonly [T in Topic]: (id: string) => Promise<void> | void }

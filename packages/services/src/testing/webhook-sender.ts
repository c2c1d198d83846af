/** A program that tests kill: sends what webhooks are owed, once, in a process of its own. */
import { openDatabase } from '@modelyard/db'
import { deliverWebhooks } from '../webhook/deliver.ts'
import { testBench } from './context.ts'

const [databaseUrl = '', allow = '', now = ''] = process.argv.slice(2)
const { db, close } = openDatabase({ databaseUrl, max: 1 })
const bench = testBench(db)
bench.clock.advance(Date.parse(now) - bench.clock.now().getTime())
const ctx = { ...bench.ctx({ kind: 'system', name: 'worker' }), webhookAllow: [allow] }
await deliverWebhooks(ctx, () => 0)
bench.close()
await close()

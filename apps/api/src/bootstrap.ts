import { readFile } from 'node:fs/promises'
import { bootstrap } from '@modelyard/services'
import { z } from 'zod'
import { readEnv } from './env.ts'
import { wire } from './wire.ts'

const secret = z.string().min(32).max(200)
const FirstRun = z.object({
  adminEmail: z.email(),
  adminPassword: z.string().min(12).max(200),
  apiKey: secret.startsWith('my_'),
  gatewayToken: secret.startsWith('myg_'),
  enrolToken: secret.startsWith('mye_'),
})

/** Run once after the migrations of every start: makes the first administrator, key and machine tokens if they are missing. */
const env = readEnv(process.env)
if (!env.MODELYARD_BOOTSTRAP_JSON) throw new Error('MODELYARD_BOOTSTRAP_JSON must name the file of first-run secrets')
const first = FirstRun.parse(JSON.parse(await readFile(env.MODELYARD_BOOTSTRAP_JSON, 'utf8')))
const wired = wire(env)
const { created } = await bootstrap(wired.ctxOf({ kind: 'system', name: 'bootstrap' }), first)
wired.log.info({ created }, created ? 'the first administrator was made' : 'the first administrator is there')
await wired.close()

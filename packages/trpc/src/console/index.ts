import { createCallerFactory, router } from '../base.ts'
import { accountRouter } from './account.ts'
import { alertsRouter } from './alerts.ts'
import { driftRouter } from './drift.ts'
import { ledgerRouter } from './ledger.ts'
import { liveRouter } from './live.ts'
import { uploadRouter } from './uploads.ts'

/** What people and their programs call. */
export const consoleRouter = router({
  account: accountRouter,
  alerts: alertsRouter,
  drift: driftRouter,
  ledger: ledgerRouter,
  live: liveRouter,
  upload: uploadRouter,
})
export type ConsoleRouter = typeof consoleRouter
export const createConsoleCaller = createCallerFactory(consoleRouter)

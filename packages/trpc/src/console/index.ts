import { createCallerFactory, router } from '../base.ts'
import { accountRouter } from './account.ts'
import { alertsRouter } from './alerts.ts'
import { boardRouter } from './board.ts'
import { datasetsRouter } from './datasets.ts'
import { driftRouter } from './drift.ts'
import { endpointsRouter } from './endpoints.ts'
import { importsRouter } from './imports.ts'
import { jobsRouter } from './jobs.ts'
import { ledgerRouter } from './ledger.ts'
import { lineageRouter } from './lineage.ts'
import { liveRouter } from './live.ts'
import { modelCardRouter } from './model-card.ts'
import { modelCompareRouter } from './model-compare.ts'
import { modelFilesRouter } from './model-files.ts'
import { modelsRouter } from './models.ts'
import { predictionsRouter } from './predictions.ts'
import { rolloutsRouter } from './rollouts.ts'
import { runPageRouter } from './run-page.ts'
import { runnersRouter } from './runners.ts'
import { runsRouter } from './runs.ts'
import { uploadRouter } from './uploads.ts'
import { viewsRouter } from './views.ts'
import { webhooksRouter } from './webhooks.ts'

/** What people and their programs call. */
export const consoleRouter = router({
  account: accountRouter,
  alerts: alertsRouter,
  board: boardRouter,
  datasets: datasetsRouter,
  drift: driftRouter,
  endpoints: endpointsRouter,
  imports: importsRouter,
  jobs: jobsRouter,
  ledger: ledgerRouter,
  lineage: lineageRouter,
  live: liveRouter,
  modelCard: modelCardRouter,
  modelCompare: modelCompareRouter,
  modelFiles: modelFilesRouter,
  models: modelsRouter,
  predictions: predictionsRouter,
  rollouts: rolloutsRouter,
  run: runPageRouter,
  runners: runnersRouter,
  runs: runsRouter,
  upload: uploadRouter,
  views: viewsRouter,
  webhooks: webhooksRouter,
})
export type ConsoleRouter = typeof consoleRouter
export const createConsoleCaller = createCallerFactory(consoleRouter)

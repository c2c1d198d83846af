import { router } from './base.ts'
import { consoleRouter } from './console/index.ts'
import { gatewayRouter } from './gateway/index.ts'
import { runnerRouter } from './runner/index.ts'

/** Everything apps/api serves at /trpc. */
export const appRouter = router({ console: consoleRouter, runner: runnerRouter, gateway: gatewayRouter })
export type AppRouter = typeof appRouter
export { type CallContext, throwRefused } from './base.ts'
export { type ConsoleRouter, consoleRouter, createConsoleCaller } from './console/index.ts'

import { router } from '../base.ts'

/** What runners call; each verb takes the runner from its token. */
export const runnerRouter = router({})
export type RunnerRouter = typeof runnerRouter

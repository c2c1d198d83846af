import { Beat, Beaten, Enrol, Enrolled, Finish, Finished, Greeted, Hello, Poll, Polled } from '@modelyard/contracts'
import { beatRunner, enrolRunner, finishAttempt, helloRunner, leaveRunner, pollRunner } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'
import { attemptRouter } from './attempt.ts'

/** What runners call; each verb takes the runner from its token. */
export const runnerRouter = router({
  enrol: procedure
    .input(Enrol)
    .output(Enrolled)
    .mutation(({ ctx, input }) => enrolRunner(ctx.ctx, input)),
  hello: procedure
    .input(Hello)
    .output(Greeted)
    .mutation(({ ctx, input }) => helloRunner(ctx.ctx, input)),
  poll: procedure
    .input(Poll)
    .output(Polled)
    .mutation(({ ctx, input, signal }) => pollRunner(ctx.ctx, input, { arm: ctx.hub.arm, signal })),
  beat: procedure
    .input(Beat)
    .output(Beaten)
    .mutation(({ ctx, input }) => beatRunner(ctx.ctx, input)),
  leave: procedure
    .input(Poll.pick({ sessionId: true }))
    .output(z.object({ left: z.boolean() }))
    .mutation(({ ctx, input }) => leaveRunner(ctx.ctx, input)),
  finish: procedure
    .input(Finish)
    .output(Finished)
    .mutation(({ ctx, input }) => finishAttempt(ctx.ctx, input)),
  attempt: attemptRouter,
})
export type RunnerRouter = typeof runnerRouter

import {
  IdempotencyKey,
  idOf,
  Job,
  JobSummary,
  LogWindow,
  PageInput,
  pageOf,
  Slug,
  SubmitJob,
} from '@modelyard/contracts'
import { cancelJob, getJob, listJobs, readLog, submitJob } from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

const JobRef = z.object({ project: Slug, jobId: idOf('job') })
const LogOf = z
  .object({
    project: Slug,
    jobId: idOf('job').optional(),
    runId: idOf('run').optional(),
    /** In bytes; -1 is the tail. */
    offset: z.number().int().min(-1).default(-1),
    limit: z.number().int().min(1).max(262_144).default(65_536),
  })
  .refine(({ jobId, runId }) => (jobId === undefined) !== (runId === undefined), 'name a job or a run')

export const jobsRouter = router({
  submit: procedure
    .input(SubmitJob)
    .output(Job)
    .mutation(({ ctx, input }) => submitJob(ctx.ctx, input)),
  cancel: procedure
    .input(JobRef.extend({ idempotencyKey: IdempotencyKey }))
    .output(Job)
    .mutation(({ ctx, input }) => cancelJob(ctx.ctx, input)),
  get: procedure
    .input(JobRef)
    .output(Job)
    .query(({ ctx, input }) => getJob(ctx.ctx, input)),
  list: procedure
    .input(PageInput.extend({ project: Slug }))
    .output(pageOf(JobSummary))
    .query(({ ctx, input }) => listJobs(ctx.ctx, input)),
  log: procedure
    .input(LogOf)
    .output(LogWindow)
    .query(({ ctx, input }) => readLog(ctx.ctx, input)),
})

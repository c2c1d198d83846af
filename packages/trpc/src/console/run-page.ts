import {
  FilePreview,
  FolderEntries,
  ListFolder,
  PreviewFile,
  RenameRun,
  RunPage,
  RunRef,
  TagRun,
  UntagRun,
} from '@modelyard/contracts'
import {
  deleteRun,
  deleteRunTag,
  listRunFiles,
  logBatch,
  previewRunFile,
  readRunPage,
  restoreRun,
  updateRun,
} from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

const Done = z.object({ runId: z.string() })

/** One run: its page, its files, and what a person may change of it. */
export const runPageRouter = router({
  read: procedure
    .input(RunRef)
    .output(RunPage)
    .query(({ ctx, input }) => readRunPage(ctx.ctx, input)),
  files: procedure
    .input(ListFolder)
    .output(FolderEntries)
    .query(({ ctx, input }) => listRunFiles(ctx.ctx, input)),
  preview: procedure
    .input(PreviewFile)
    .output(FilePreview)
    .query(({ ctx, input }) => previewRunFile(ctx.ctx, input)),
  rename: procedure
    .input(RenameRun)
    .output(Done)
    .mutation(async ({ ctx, input }) => {
      await updateRun(ctx.ctx, input)
      return { runId: input.runId }
    }),
  tag: procedure
    .input(TagRun)
    .output(Done)
    .mutation(async ({ ctx, input: { key, value, ...run } }) => {
      await logBatch(ctx.ctx, { ...run, metrics: [], params: [], tags: [{ key, value }] })
      return { runId: run.runId }
    }),
  untag: procedure
    .input(UntagRun)
    .output(Done)
    .mutation(async ({ ctx, input }) => {
      await deleteRunTag(ctx.ctx, input)
      return { runId: input.runId }
    }),
  delete: procedure
    .input(RunRef)
    .output(Done)
    .mutation(async ({ ctx, input }) => {
      await deleteRun(ctx.ctx, input)
      return { runId: input.runId }
    }),
  restore: procedure
    .input(RunRef)
    .output(Done)
    .mutation(async ({ ctx, input }) => {
      await restoreRun(ctx.ctx, input)
      return { runId: input.runId }
    }),
})

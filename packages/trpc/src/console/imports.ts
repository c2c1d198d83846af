import {
  ImportDone,
  ImportExperiment,
  ImportedExperiment,
  ImportedFilePage,
  ImportedFiles,
  ImportedState,
  ImportLoggedModel,
  ImportModel,
  ImportModelVersion,
  ImportRun,
  ImportState,
  RecordImport,
  SealImport,
} from '@modelyard/contracts'
import {
  importExperiment,
  importLoggedModel,
  importModel,
  importModelVersion,
  importRun,
  listImportFiles,
  readImportState,
  recordImport,
  sealImport,
} from '@modelyard/services'
import { procedure, router } from '../base.ts'

/** What another MLflow server holds, brought here; all may be repeated. */
export const importsRouter = router({
  state: procedure
    .input(ImportState)
    .output(ImportedState)
    .query(({ ctx, input }) => readImportState(ctx.ctx, input)),
  files: procedure
    .input(ImportedFiles)
    .output(ImportedFilePage)
    .query(({ ctx, input }) => listImportFiles(ctx.ctx, input)),
  experiment: procedure
    .input(ImportExperiment)
    .output(ImportedExperiment)
    .mutation(({ ctx, input }) => importExperiment(ctx.ctx, input)),
  run: procedure
    .input(ImportRun)
    .output(ImportDone)
    .mutation(({ ctx, input }) => importRun(ctx.ctx, input)),
  loggedModel: procedure
    .input(ImportLoggedModel)
    .output(ImportDone)
    .mutation(({ ctx, input }) => importLoggedModel(ctx.ctx, input)),
  seal: procedure
    .input(SealImport)
    .output(ImportDone)
    .mutation(({ ctx, input }) => sealImport(ctx.ctx, input)),
  model: procedure
    .input(ImportModel)
    .output(ImportDone)
    .mutation(({ ctx, input }) => importModel(ctx.ctx, input)),
  modelVersion: procedure
    .input(ImportModelVersion)
    .output(ImportDone)
    .mutation(({ ctx, input }) => importModelVersion(ctx.ctx, input)),
  record: procedure
    .input(RecordImport)
    .output(ImportDone)
    .mutation(({ ctx, input }) => recordImport(ctx.ctx, input)),
})

import {
  Approval,
  CreateModel,
  DecideApproval,
  DeleteModel,
  DeleteModelAlias,
  DeleteModelTag,
  DeleteModelVersion,
  DeleteModelVersionTag,
  EvaluateModelVersion,
  idOf,
  ModelName,
  ModelSummary,
  ModelVersion,
  ModelVersionSummary,
  ProjectRef,
  QueuedEvaluation,
  RegisterModelVersion,
  RenameModel,
  RequestApproval,
  SetModelAlias,
  SetModelTag,
  SetModelVersionTag,
  TransitionModelVersion,
  UpdateModel,
  UpdateModelVersion,
  VersionNumber,
  WaiveGate,
} from '@modelyard/contracts'
import {
  createModel,
  decideApproval,
  deleteAlias,
  deleteModel,
  deleteModelTag,
  deleteVersion,
  deleteVersionTag,
  evaluateModelVersion,
  getModel,
  getModelVersion,
  listModels,
  listModelVersions,
  registerModelVersion,
  renameModel,
  requestApproval,
  setAlias,
  setModelTag,
  setVersionTag,
  transitionStage,
  updateModel,
  updateVersion,
  waiveGate,
} from '@modelyard/services'
import { z } from 'zod'
import { procedure, router } from '../base.ts'

const WhichVersion = z.union([
  ProjectRef.extend({ modelVersionId: idOf('mv') }),
  ProjectRef.extend({ model: ModelName, version: VersionNumber }),
])

/** The model, or the version for what is about one. */
const ChangedModel = z.object({ id: idOf('mdl') })
const ChangedVersion = z.object({ id: idOf('mv') })

export const modelsRouter = router({
  list: procedure
    .input(ProjectRef)
    .output(z.array(ModelSummary))
    .query(({ ctx, input }) => listModels(ctx.ctx, input)),
  versions: procedure
    .input(ProjectRef.extend({ model: ModelName }))
    .output(z.array(ModelVersionSummary))
    .query(({ ctx, input }) => listModelVersions(ctx.ctx, input)),
  get: procedure
    .input(WhichVersion)
    .output(ModelVersion)
    .query(({ ctx, input }) => getModelVersion(ctx.ctx, input)),
  register: procedure
    .input(RegisterModelVersion)
    .output(ModelVersion)
    .mutation(({ ctx, input }) => registerModelVersion(ctx.ctx, input)),
  evaluate: procedure
    .input(EvaluateModelVersion)
    .output(QueuedEvaluation)
    .mutation(({ ctx, input }) => evaluateModelVersion(ctx.ctx, input)),
  waiveGate: procedure
    .input(WaiveGate)
    .output(ChangedVersion)
    .mutation(({ ctx, input }) => waiveGate(ctx.ctx, input)),
  requestApproval: procedure
    .input(RequestApproval)
    .output(Approval)
    .mutation(({ ctx, input }) => requestApproval(ctx.ctx, input)),
  decideApproval: procedure
    .input(DecideApproval)
    .output(Approval)
    .mutation(({ ctx, input }) => decideApproval(ctx.ctx, input)),
  /** One model with its labels and newest version. */
  about: procedure
    .input(ProjectRef.extend({ model: ModelName }))
    .output(ModelSummary)
    .query(({ ctx, input }) => getModel(ctx.ctx, input)),
  create: procedure
    .input(CreateModel)
    .output(ChangedModel)
    .mutation(({ ctx, input }) => createModel(ctx.ctx, input)),
  update: procedure
    .input(UpdateModel)
    .output(ChangedModel)
    .mutation(({ ctx, input }) => updateModel(ctx.ctx, input)),
  rename: procedure
    .input(RenameModel)
    .output(ChangedModel)
    .mutation(({ ctx, input }) => renameModel(ctx.ctx, input)),
  delete: procedure
    .input(DeleteModel)
    .output(ChangedModel)
    .mutation(({ ctx, input }) => deleteModel(ctx.ctx, input)),
  setTag: procedure
    .input(SetModelTag)
    .output(ChangedModel)
    .mutation(({ ctx, input }) => setModelTag(ctx.ctx, input)),
  deleteTag: procedure
    .input(DeleteModelTag)
    .output(ChangedModel)
    .mutation(({ ctx, input }) => deleteModelTag(ctx.ctx, input)),
  setAlias: procedure
    .input(SetModelAlias)
    .output(ChangedVersion)
    .mutation(({ ctx, input }) => setAlias(ctx.ctx, input)),
  deleteAlias: procedure
    .input(DeleteModelAlias)
    .output(ChangedModel)
    .mutation(({ ctx, input }) => deleteAlias(ctx.ctx, input)),
  updateVersion: procedure
    .input(UpdateModelVersion)
    .output(ChangedVersion)
    .mutation(({ ctx, input }) => updateVersion(ctx.ctx, input)),
  deleteVersion: procedure
    .input(DeleteModelVersion)
    .output(ChangedVersion)
    .mutation(({ ctx, input }) => deleteVersion(ctx.ctx, input)),
  setVersionTag: procedure
    .input(SetModelVersionTag)
    .output(ChangedVersion)
    .mutation(({ ctx, input }) => setVersionTag(ctx.ctx, input)),
  deleteVersionTag: procedure
    .input(DeleteModelVersionTag)
    .output(ChangedVersion)
    .mutation(({ ctx, input }) => deleteVersionTag(ctx.ctx, input)),
  /** MLflow's label; approval is `requestApproval` and `decideApproval`. */
  transitionStage: procedure
    .input(TransitionModelVersion)
    .output(ChangedVersion)
    .mutation(({ ctx, input }) => transitionStage(ctx.ctx, input)),
})

import { ModelFilePreview, PreviewModelFile } from '@modelyard/contracts'
import { previewArtifact } from '@modelyard/services'
import { procedure, router } from '../base.ts'

const PREVIEW_BYTES = 64 * 1024

/** The frozen files of a version; whole ones are streamed, not called for. */
export const modelFilesRouter = router({
  preview: procedure
    .input(PreviewModelFile)
    .output(ModelFilePreview)
    .query(({ ctx, input: { project, modelVersionId: id, path } }) =>
      previewArtifact(ctx.ctx, { project, owner: { kind: 'model_version', id }, path, maxBytes: PREVIEW_BYTES }),
    ),
})

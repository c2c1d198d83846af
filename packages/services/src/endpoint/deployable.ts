import { type Db, findDeployable } from '@modelyard/db'
import { refuse } from '@modelyard/domain'

export type Deployable = NonNullable<Awaited<ReturnType<typeof findDeployable>>>

/** The model version if it may serve traffic. @throws Refusal `blocked` naming what stands against it. */
export async function requireDeployable(
  db: Db,
  args: { projectId: string; modelVersionId: string },
): Promise<Deployable> {
  const found = await findDeployable(db, args)
  if (!found) return refuse('not_found', 'there is no such model version in this project', { field: 'modelVersionId' })
  const { version, model } = found
  if (version.format !== 'onnx')
    refuse(
      'blocked',
      `${model} v${version.version} cannot be deployed: only ONNX models are served, and it is kept as files that are never opened`,
      {
        field: 'modelVersionId',
        details: { format: version.format },
      },
    )
  if (version.stage !== 'approved') {
    const why = version.gatesPassed
      ? `it is ${version.stage}, and only an approved one serves`
      : 'its gates did not pass'
    refuse('blocked', `${model} v${version.version} cannot be deployed: ${why}`, {
      field: 'modelVersionId',
      details: { stage: version.stage, gatesPassed: version.gatesPassed },
    })
  }
  const inputs = (version.signature as { inputs?: unknown[] }).inputs
  if (inputs?.length !== 1) {
    refuse(
      'blocked',
      `${model} v${version.version} has ${inputs?.length ?? 0} inputs; endpoints serve models with one`,
      {
        field: 'modelVersionId',
      },
    )
  }
  return found
}

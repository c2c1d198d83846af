import type { ExperimentRecord } from '@modelyard/services'

/** MLflow's `Experiment`. Artifacts are always the server's, whatever location a client asked for. */
export function experimentOf(experiment: ExperimentRecord): object {
  const { number, name, tags, createdAt, updatedAt, deletedAt } = experiment
  return {
    experiment_id: String(number),
    name,
    artifact_location: `mlflow-artifacts:/${number}`,
    lifecycle_stage: deletedAt === null ? 'active' : 'deleted',
    last_update_time: updatedAt.getTime(),
    creation_time: createdAt.getTime(),
    tags: tags.length > 0 ? tags : undefined,
  }
}

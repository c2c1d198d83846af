/** What the names of the registry may be, so that `models:/<name>/<version>` and `models:/<name>@<alias>` have one meaning. */

export const MLFLOW_STAGES = ['None', 'Staging', 'Production', 'Archived'] as const
export type MlflowStage = (typeof MLFLOW_STAGES)[number]

/** The stage of that name, in whatever case it is written; null for any other text. */
export function stageNamed(text: string): MlflowStage | null {
  return MLFLOW_STAGES.find((stage) => stage.toLowerCase() === text.toLowerCase()) ?? null
}

const ALIAS_MAX = 255

/** Why this cannot be an alias, or null. `latest` and `v3` already mean a version to clients. */
export function whyNotAlias(alias: string): string | null {
  if (alias.length > ALIAS_MAX) return `an alias has at most ${ALIAS_MAX} characters`
  if (!/^[\p{L}\p{N}_-]+$/u.test(alias)) return 'an alias is made of letters, digits, dashes and underscores'
  if (/^latest$/i.test(alias)) return '"latest" already means the newest version'
  if (/^v\d+$/i.test(alias)) return 'an alias like "v1" would be taken for a version number'
  return null
}

/** How clients address files: by paths below one root, in which the owner stands first. */
import { extensionOf, idOfHex, refuse, requireArtifactFolder } from '@modelyard/domain'
import type { ArtifactOwner } from '@modelyard/services'

const OWNED =
  /^(\d{1,15})\/(?:([0-9a-f]{32})|models\/m-([0-9a-f]{32})|versions\/([0-9a-f]{32}))\/artifacts(?:\/(.*))?$/s

/** Owner, experiment and path in it ('' is its root) of a path on the wire, decoded once. */
export type ArtifactAddress = { owner: ArtifactOwner; experiment: number; path: string }

/** @throws Refusal `invalid` for a path that leads out of its place, `not_found` for one that names no owner */
export function artifactPathOf(wirePath: string): ArtifactAddress {
  requireArtifactFolder(wirePath)
  const [, experiment, run, logged, version, path = ''] = OWNED.exec(wirePath) ?? []
  const owner = ownerOf({ run, logged, version })
  if (owner === null) return refuse('not_found', `no run or model has artifacts at "${wirePath}"`, { field: 'path' })
  return { owner, experiment: Number(experiment), path }
}

type Named = Record<'run' | 'logged' | 'version', string | undefined>

function ownerOf({ run, logged, version }: Named): ArtifactOwner | null {
  const runId = idOfHex('run', run ?? '')
  if (runId !== null) return { kind: 'run', id: runId }
  const loggedModelId = idOfHex('lm', logged ?? '')
  if (loggedModelId !== null) return { kind: 'logged_model', id: loggedModelId }
  const versionId = idOfHex('mv', version ?? '')
  return versionId === null ? null : { kind: 'model_version', id: versionId }
}

const AS_TEXT = new Set(
  (
    'txt log err cfg conf cnf cf ini properties prop hocon toml yaml yml xml json js py py3 csv tsv md rst ' +
    'mlmodel mlproject'
  ).split(' '),
)

/** What clients and MLflow's own pages show as text is sent as plain text, whatever else it is. */
export function wireTypeOf(path: string, mediaType: string): string {
  return AS_TEXT.has(extensionOf(path)) ? 'text/plain' : mediaType
}

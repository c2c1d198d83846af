/** Whether a dataset that a client logged is a version of ours. */

export type LoggedName = { name: string; digest: string; source: string }
export type KnownVersion = { id: string; name: string; version: number; sha256: string }

const VERSION_ID = /dsv_[0-7][0-9abcdefghjkmnpqrstvwxyz]{25}/
/** Shorter ones are met by chance. */
const DIGEST = /^([0-9a-f]{8,36})(?:-v(\d{1,9}))?$/
const DIGEST_LENGTH = 16

/** The version id that stands in a source, if one does. */
export function versionIdIn(source: string): string | null {
  return VERSION_ID.exec(source)?.[0] ?? null
}

/** The digest under which a version is logged: bytes that were registered twice stay two versions. */
export function digestOfVersion({ sha256, version }: Pick<KnownVersion, 'sha256' | 'version'>): string {
  return `${sha256.slice(0, DIGEST_LENGTH)}-v${version}`
}

/**
 * The version that a logged dataset is: the one its source names, else the newest of its name whose SHA-256 begins with
 * the digest. Null for all else.
 */
export function recogniseVersion(logged: LoggedName, versions: readonly KnownVersion[]): KnownVersion | null {
  const id = versionIdIn(logged.source)
  const named = id === null ? undefined : versions.find((version) => version.id === id)
  if (named) return named
  const [, start, number] = DIGEST.exec(logged.digest) ?? []
  if (start === undefined) return null
  const same = versions.filter(
    ({ name, sha256, version }) =>
      name === logged.name && sha256.startsWith(start) && (number === undefined || version === Number(number)),
  )
  return same.reduce<KnownVersion | null>((best, each) => (best && best.version >= each.version ? best : each), null)
}

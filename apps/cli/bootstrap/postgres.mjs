// A PostgreSQL of our own: made, started, adopted or stopped. It leads its own process group, so that Ctrl-C in the
// terminal reaches the services first and the database last.
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { accepts, anyFreePort, choosePort } from './ports.mjs'
import { clusterHome, findPrograms, serverAccount } from './postgres-home.mjs'
import { commandLineOf, identify, isAlive, send, startTimeOf, until } from './processes.mjs'

/** @typedef {import('./processes.mjs').ProcessIdentity} ProcessIdentity */
/**
 * @typedef {{ home: string, port?: number, samePort?: boolean, fast?: boolean }} PostgresOptions
 * `samePort`: that port or none, because clients know it already; `fast` gives up durability, for tests only
 */
/** @typedef {{ url: string, adminUrl: string, port: number, identity: ProcessIdentity, adopted: boolean, origin: string, logFile: string, stop: (identity?: ProcessIdentity) => Promise<void> }} Postgres */
/** @typedef {{ place: string, cluster: string, password: string, account: import('./postgres-home.mjs').Account | undefined, programs: import('./postgres-home.mjs').Programs }} Site */

const productDatabase = 'modelyard'
const environment = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', TZ: 'UTC' }
// Sorts and folds the same on every machine; older servers than 17 do not know it.
const builtinLocale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']
const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=150',
  // Holds the tables that searches of tens of thousands of runs read.
  'shared_buffers=256MB',
  'timezone=UTC',
  'jit=off',
]
const fastSettings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off']

/** @param {Site} site */
async function initialise(site) {
  const half = `${site.cluster}.half`
  rmSync(half, { recursive: true, force: true })
  const passwordFile = join(site.place, 'password.init')
  writeFileSync(passwordFile, site.password, { mode: 0o600 })
  if (site.account) chownSync(passwordFile, site.account.uid, site.account.gid)
  const flags = ['--username=modelyard', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8']
  flags.push(...(site.programs.origin === 'embedded' ? builtinLocale : ['--no-locale']))
  flags.push('--no-sync', '--no-instructions', '-D', half)
  try {
    await promisify(execFile)(join(site.programs.bin, 'initdb'), flags, { cwd: '/', env: environment, ...site.account })
    await createDatabase(site, half)
  } finally {
    rmSync(passwordFile, { force: true })
  }
  // Renamed only when whole: an initdb that was killed half-way is thrown away by the next start.
  renameSync(half, site.cluster)
}

/**
 * Makes the product's own database while nobody can connect yet, in PostgreSQL's single-user mode.
 * @param {Site} site
 * @param {string} cluster
 */
async function createDatabase(site, cluster) {
  const flags = ['--single', '-D', cluster, '-c', 'fsync=off', 'postgres']
  const work = promisify(execFile)(join(site.programs.bin, 'postgres'), flags, {
    cwd: '/',
    env: environment,
    ...site.account,
  })
  work.child.stdin?.end(`create database ${productDatabase}\n`)
  await work
}

/**
 * What postmaster.pid says.
 * @param {string} cluster
 */
function readPidFile(cluster) {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
  } catch {
    return undefined
  }
}

/**
 * The postmaster of this cluster, when it lives. Identified by its command line, because a pid file outlives a crash.
 * @param {string} cluster
 */
function livePostmaster(cluster) {
  const file = readPidFile(cluster)
  if (!file?.pid) return undefined
  const identity = identify(file.pid)
  const ours = process.platform !== 'linux' || commandLineOf(file.pid).includes(cluster)
  return identity && ours ? { ...file, identity } : undefined
}

/** @param {string} cluster */
function backendsOf(cluster) {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === cluster && startTimeOf(Number(pid)) !== undefined
    } catch {
      return false
    }
  })
}

/**
 * After `kill -9` of the postmaster: its backends leave by themselves, the pid file does not.
 * @param {string} cluster
 */
async function clearLeftovers(cluster) {
  if (!existsSync(join(cluster, 'postmaster.pid'))) return
  if (!(await until(() => backendsOf(cluster).length === 0, 10_000))) {
    for (const pid of backendsOf(cluster)) send(Number(pid), 'SIGQUIT')
    await until(() => backendsOf(cluster).length === 0, 5_000)
  }
  rmSync(join(cluster, 'postmaster.pid'), { force: true })
}

/**
 * @param {Site} site
 * @param {number} port
 * @param {boolean} fast
 */
async function launch(site, port, fast) {
  const log = openSync(join(site.place, 'postgres.log'), 'a')
  const flags = [...settings, ...(fast ? fastSettings : [])].flatMap((setting) => ['-c', setting])
  const child = spawn(join(site.programs.bin, 'postgres'), ['-D', site.cluster, '-p', String(port), ...flags], {
    cwd: '/',
    detached: true,
    env: environment,
    stdio: ['ignore', log, log],
    ...site.account,
  })
  closeSync(log)
  /** @type {Error | undefined} */
  let failure
  child.once('error', (error) => {
    failure = error
  })
  child.once('exit', (code, signal) => {
    failure ??= new Error(`postgres ended at once (${signal ?? `exit ${code}`})`)
  })
  child.unref()
  // Recovery of a large journal after a crash may take long; a dead child ends the wait at once.
  await until(async () => failure !== undefined || (await isReady(site.cluster, child.pid)), 120_000)
  if (failure) throw failure
}

/**
 * @param {string} cluster
 * @param {number | undefined} pid
 */
async function isReady(cluster, pid) {
  const file = readPidFile(cluster)
  return file?.ready === true && (pid === undefined || file.pid === pid) && (await accepts(file.port))
}

/** @param {string} path */
function lastLines(path) {
  return readFileSync(path, 'utf8').trim().split('\n').slice(-5).join('\n')
}

/**
 * @param {Site} site
 * @param {PostgresOptions} options
 */
async function launchOnSomePort(site, options) {
  const wanted = options.port ?? 41_432
  if (options.samePort) return launch(site, wanted, options.fast === true)
  const first = await choosePort(wanted)
  try {
    await launch(site, first, options.fast === true)
  } catch {
    // Somebody may have taken the port between the probe and the bind: once more, on one the kernel picks.
    await clearLeftovers(site.cluster)
    await launch(site, await anyFreePort(), options.fast === true).catch((error) => {
      throw new Error(`PostgreSQL does not start: ${error.message}\n${lastLines(join(site.place, 'postgres.log'))}`)
    })
  }
}

/** @param {string} place */
function passwordIn(place) {
  const file = join(place, 'password')
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return readFileSync(file, 'utf8').trim()
}

/** @param {ProcessIdentity} identity */
async function stopPostmaster(identity) {
  // SIGINT is a fast shutdown (clients are cut off, data is checkpointed), SIGQUIT an immediate one.
  for (const [signal, limitMs] of /** @type {const} */ ([
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ])) {
    if (!isAlive(identity)) return
    send(identity.pid, signal)
    if (await until(() => !isAlive(identity), limitMs)) return
  }
}

/**
 * Starts the cluster under `home`, or adopts it when it runs already.
 * @param {PostgresOptions} options
 * @returns {Promise<Postgres>} `url` is of the product's database, `adminUrl` of the maintenance database
 */
export async function startPostgres(options) {
  const account = serverAccount()
  const place = clusterHome(options.home, account)
  const site = {
    place,
    cluster: join(place, 'cluster'),
    password: passwordIn(place),
    account,
    programs: findPrograms(account),
  }
  if (!existsSync(join(site.cluster, 'PG_VERSION'))) await initialise(site)
  const adopted = livePostmaster(site.cluster) !== undefined
  if (!adopted) {
    await clearLeftovers(site.cluster)
    await launchOnSomePort(site, options)
  }
  await until(() => isReady(site.cluster, undefined), 60_000)
  const running = livePostmaster(site.cluster)
  if (!running) throw new Error(`PostgreSQL does not start:\n${lastLines(join(place, 'postgres.log'))}`)
  const server = `postgres://modelyard:${site.password}@127.0.0.1:${running.port}`
  return {
    url: `${server}/${productDatabase}`,
    adminUrl: `${server}/postgres`,
    port: running.port,
    identity: running.identity,
    adopted,
    origin: site.programs.origin,
    logFile: join(place, 'postgres.log'),
    stop: (identity = running.identity) => stopPostmaster(identity),
  }
}

// Brings node_modules in line with the lock file, and only when it is not.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whileClaimed } from './claim.mjs'

/**
 * The folders of every workspace, the root first.
 * @param {string} root
 */
export function workspaceFolders(root) {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const found = workspaces.flatMap((/** @type {string} */ pattern) => {
    if (!pattern.endsWith('/*')) return [pattern]
    const parent = pattern.slice(0, -2)
    return existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`) : []
  })
  return ['.', ...found.filter((/** @type {string} */ folder) => existsSync(join(root, folder, 'package.json'))).sort()]
}

/**
 * Changes whenever an install could give another result: lock file, any package.json, platform.
 * @param {string} root
 */
export function installKey(root) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`)
  const files = ['package-lock.json', ...workspaceFolders(root).map((folder) => join(folder, 'package.json'))]
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/**
 * Whether npm's own record of what it unpacked agrees with the lock file. npm writes that record last, so a half-finished
 * install has none; a person who ran `npm ci` by hand has one and need not wait a second time.
 * @param {string} root
 */
export function agreesWithLock(root) {
  const record = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true
    const there = present[path]
    const unpacked = there !== undefined && existsSync(join(root, path, 'package.json'))
    return unpacked ? there.version === entry.version : entry.optional === true || entry.devOptional === true
  })
}

/**
 * @param {string} root
 * @returns {Promise<number>} npm's exit code
 */
function runNpm(root) {
  const cli = process.env.npm_execpath
  const viaNode = cli !== undefined && /npm-cli\.c?js$/.test(cli)
  const flags = ['ci', '--include=dev', '--loglevel=error', '--no-audit', '--no-fund']
  const child = spawn(viaNode ? process.execPath : 'npm', viaNode ? [cli, ...flags] : flags, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // onnxruntime-node would fetch CUDA libraries of several hundred MB; npm 10 does not read allowScripts.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  })
  const started = Date.now()
  const beat = setInterval(() => {
    process.stdout.write(
      `   ... ${Math.round((Date.now() - started) / 1000)} s, ${countPackages(root)} folders unpacked\n`,
    )
  }, 15_000)
  return new Promise((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', (code) => resolve(code ?? 1))
  }).finally(() => clearInterval(beat))
}

/** @param {string} root */
function countPackages(root) {
  try {
    return readdirSync(join(root, 'node_modules')).length
  } catch {
    return 0
  }
}

/**
 * Installs when needed.
 * @param {string} root the repository
 * @throws when npm fails twice
 */
export async function ensureInstalled(root) {
  const marker = join(root, 'node_modules/.modelyard-installed')
  const key = installKey(root)
  const isCurrent = () => existsSync(marker) && readFileSync(marker, 'utf8') === key
  if (isCurrent()) return
  // Two starts of one clone must not unpack over each other.
  const name = createHash('sha256').update(root).digest('hex').slice(0, 12)
  await whileClaimed(join(tmpdir(), `modelyard-install-${name}.json`), async () => {
    if (isCurrent()) return
    if (!agreesWithLock(root)) await install(root)
    mkdirSync(join(root, 'node_modules'), { recursive: true })
    writeFileSync(marker, key)
  })
}

/** @param {string} root */
async function install(root) {
  process.stdout.write('Installing packages (about 600 MB the first time; one to two minutes) ...\n')
  const started = Date.now()
  rmSync(join(root, 'node_modules/.package-lock.json'), { force: true })
  // One retry: a registry that hiccups once is commoner than one that is down.
  if ((await runNpm(root)) !== 0 && (await runNpm(root)) !== 0) {
    throw new Error('npm ci failed; its messages are above. Check the network and the registry, then start again')
  }
  process.stdout.write(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s\n`)
}

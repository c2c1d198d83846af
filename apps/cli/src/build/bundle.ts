import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, stop, version } from 'esbuild'
import { whileClaimed } from '../../bootstrap/claim.mjs'
import { repository } from '../repository.ts'
import { hashOfFiles } from './source-hash.ts'

/** Programs to be bundled together: name of the written file (without `.mjs`) to its source, from the repository's root. */
export type BundlePlan = { name: string; entries: Record<string, string> }

const CACHE = join(repository, 'node_modules/.cache/modelyard')

// Native code, packages that patch others at load, and packages whose ESM build fails in a bundle (BullMQ's has no
// `require` and then refuses connection strings) stay outside, as does the S3 client, which few installations load.
// Drizzle goes in: unbundled it costs 230 MB a process.
const EXTERNAL = [
  'onnxruntime-node',
  'pg',
  'pg-native',
  'bullmq',
  'ioredis',
  'redis',
  'pino',
  'prom-client',
  'import-in-the-middle',
  'require-in-the-middle',
  '@opentelemetry/*',
  '@aws-sdk/*',
]

const BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);"

const KEEP = 5

type CacheRecord = { key: string; inputs: string[] }

/**
 * Bundles a program, unless the bundle of exactly these sources is there.
 * @returns the folder that holds `<entry>.mjs` files
 * @throws with esbuild's messages when the sources do not build
 */
export async function bundle(plan: BundlePlan): Promise<string> {
  mkdirSync(CACHE, { recursive: true })
  return whileClaimed(join(CACHE, `${plan.name}.claim`), async () => current(plan) ?? (await make(plan)))
}

/** Ends esbuild's helper process; it would stay for the life of the supervisor. */
export async function endBundling(): Promise<void> {
  await stop()
}

const recordFile = (plan: BundlePlan): string => join(CACHE, `${plan.name}.json`)
const folderOf = (plan: BundlePlan, key: string): string => join(CACHE, `${plan.name}-${key.slice(0, 16)}`)

function keyOf(plan: BundlePlan, inputs: readonly string[]): string {
  const salt = [version, BANNER, JSON.stringify(plan), ...EXTERNAL].join('\n')
  return hashOfFiles([...inputs.map((input) => join(repository, input)), join(repository, 'package-lock.json')], salt)
}

function current(plan: BundlePlan): string | undefined {
  if (!existsSync(recordFile(plan))) return undefined
  const record = JSON.parse(readFileSync(recordFile(plan), 'utf8')) as CacheRecord
  const folder = folderOf(plan, record.key)
  const complete = existsSync(folder) && record.inputs.every((input) => existsSync(join(repository, input)))
  return complete && keyOf(plan, record.inputs) === record.key ? folder : undefined
}

async function make(plan: BundlePlan): Promise<string> {
  const draft = join(CACHE, `${plan.name}.${process.pid}.draft`)
  const { metafile } = await build({
    absWorkingDir: repository,
    entryPoints: plan.entries,
    outdir: draft,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    keepNames: true,
    external: EXTERNAL,
    banner: { js: BANNER },
    metafile: true,
    logLevel: 'silent',
  })
  // Packages from npm are covered by the lock file's hash.
  const inputs = Object.keys(metafile.inputs).filter((input) => !input.includes('node_modules/'))
  const key = keyOf(plan, inputs)
  const folder = folderOf(plan, key)
  rmSync(folder, { recursive: true, force: true })
  renameSync(draft, folder)
  writeFileSync(recordFile(plan), JSON.stringify({ key, inputs } satisfies CacheRecord))
  forgetOld(plan)
  return folder
}

/** Keeps the latest few: a stack that runs from an older bundle may yet start a companion of it. */
function forgetOld({ name }: BundlePlan): void {
  const folders = readdirSync(CACHE)
    .filter((entry) => entry.startsWith(`${name}-`) && /^[0-9a-f]{16}$/.test(entry.slice(name.length + 1)))
    .map((entry) => join(CACHE, entry))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  for (const folder of folders.slice(KEEP)) rmSync(folder, { recursive: true, force: true })
}

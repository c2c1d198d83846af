/**
 * The floors of the house: an arrow may only fall. Every rule is an error, and `apps/cli/boundaries` plants one
 * violation per rule and proves that each bites.
 */
const ADAPTERS = 'alerts|artifacts|auth|db|inference|queue|telemetry|ui'
const TEST = '\\.test\\.tsx?$|/testing/|^apps/e2e/'

/** From a place, only these may be imported of our own; npm and Node are other rules' matter. */
const only = (name, comment, { from, allowed }) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TEST },
  to: { path: '^(packages|apps|runners)/', pathNot: allowed },
})

/** A library has owners; everybody else goes through them. */
const owned = (library, owners) => ({
  name: `owned-${library.replace(/[^a-z]+/g, '-').replace(/^-|-$/g, '')}`,
  comment: `${library} is reached through its owner only`,
  severity: 'error',
  from: { path: '^(packages|apps|runners)/', pathNot: `^(${owners})/|${TEST}` },
  to: { path: `(^|/)node_modules/${library}/` },
})

module.exports = {
  forbidden: [
    only('stats-stands-alone', 'floor 0: stats imports nothing', {
      from: '^packages/stats/',
      allowed: '^packages/stats/',
    }),
    only('domain-floor', 'floor 0: domain knows stats only', {
      from: '^packages/domain/',
      allowed: '^packages/(domain|stats)/',
    }),
    only('contracts-floor', 'floor 0: contracts know domain', {
      from: '^packages/contracts/',
      allowed: '^packages/(contracts|domain|stats)/',
    }),
    {
      name: 'pure-without-npm',
      comment: 'floor 0 is pure: no library (contracts: zod)',
      severity: 'error',
      from: { path: '^packages/(stats|domain|contracts)/', pathNot: TEST },
      to: { path: '(^|/)node_modules/', pathNot: '(^|/)node_modules/zod/' },
    },
    {
      name: 'zod-in-contracts-only',
      comment: 'domain and stats validate nothing: their callers do',
      severity: 'error',
      from: { path: '^packages/(stats|domain)/', pathNot: TEST },
      to: { path: '(^|/)node_modules/zod/' },
    },
    {
      name: 'pure-without-node',
      comment: 'floor 0 is pure: no clock, no random, no I/O',
      severity: 'error',
      from: { path: '^packages/(stats|domain|contracts)/', pathNot: `${TEST}|^packages/stats/(bench|docs-figures)/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'adapters-never-meet',
      comment: 'floor 1: siblings never import each other',
      severity: 'error',
      from: { path: `^packages/(${ADAPTERS})/` },
      to: { path: `^packages/(${ADAPTERS})/`, pathNot: '^packages/$1/' },
    },
    {
      name: 'adapters-do-not-climb',
      comment: 'floor 1 knows floor 0',
      severity: 'error',
      from: { path: `^packages/(${ADAPTERS})/` },
      to: { path: '^(packages/(services|trpc|mlflow)|apps|runners)/' },
    },
    only('services-floor', 'floor 2: verbs know adapters and floor 0, no page and no transport', {
      from: '^packages/services/',
      allowed: '^packages/(services|alerts|artifacts|auth|db|inference|queue|telemetry|contracts|domain|stats)/',
    }),
    only('trpc-floor', 'floor 3 translates: services, contracts, domain', {
      from: '^packages/trpc/',
      allowed: '^packages/(trpc|services|contracts|domain)/',
    }),
    only('mlflow-floor', 'floor 3 translates: services, contracts, domain', {
      from: '^packages/mlflow/',
      allowed: '^packages/(mlflow|services|contracts|domain)/',
    }),
    {
      name: 'apps-never-meet',
      comment: 'processes speak over the network',
      severity: 'error',
      from: { path: '^(apps|runners)/([^/]+)/', pathNot: TEST },
      to: { path: '^(apps|runners)/', pathNot: '^$1/$2/' },
    },
    only('gateway-stands-alone', 'the gateway touches no database and no queue', {
      from: '^apps/gateway/',
      allowed: '^(apps/gateway|packages/(contracts|domain|inference|telemetry|trpc))/',
    }),
    only('agent-stands-alone', 'a runner knows the api by its address only', {
      from: '^runners/agent/',
      allowed: '^(runners/agent|packages/(contracts|domain|telemetry|trpc))/',
    }),
    only('cli-stands-alone', 'the supervisor is a client like any other', {
      from: '^apps/cli/',
      allowed: '^(apps/cli|packages/(contracts|domain|telemetry|trpc))/',
    }),
    {
      name: 'trpc-by-type-only',
      comment: 'clients of the api need its types, never its code',
      severity: 'error',
      from: { path: '^(apps/(gateway|cli|e2e)|runners)/' },
      to: { path: '^packages/trpc/', dependencyTypesNot: ['type-only'] },
    },
    only('recipe-floor', 'a recipe is a program of its own', {
      from: '^runners/recipes/',
      allowed: '^(runners/recipes|packages/(inference|stats|contracts|telemetry))/',
    }),
    {
      name: 'adapters-through-wire',
      comment: 'each process has one wire.ts, the only importer of adapters',
      severity: 'error',
      from: { path: '^apps/(api|console|worker)/', pathNot: ['/wire\\.ts$', '/wire/', '/wire-[a-z]+\\.ts$', TEST] },
      to: { path: '^packages/(alerts|artifacts|auth|db|inference|queue)/', dependencyTypesNot: ['type-only'] },
    },
    owned('onnxruntime-node', 'packages/inference'),
    owned('(bullmq|ioredis)', 'packages/queue'),
    owned('(prom-client|pino|@opentelemetry/[^/]+)', 'packages/telemetry'),
    owned('(better-auth|@better-auth/[^/]+)', 'packages/auth'),
    owned('drizzle-orm', 'packages/(db|auth|services)'),
    owned('pg', 'packages/(db|queue)'),
    owned('@aws-sdk/[^/]+', 'packages/artifacts'),
    owned('(standardwebhooks|undici)', 'packages/alerts|apps/cli'),
    owned('@trpc/server', 'packages/trpc|apps/(api|console)'),
    owned('(next|next-intl)', 'apps/console'),
    owned('(react|react-dom|radix-ui)', 'packages/ui|apps/console'),
    {
      name: 'no-test-code',
      comment: 'tests and benches may use everything, nothing may use tests',
      severity: 'error',
      from: { path: '^(packages|apps|runners)/', pathNot: `${TEST}|/bench/` },
      to: { path: '\\.test\\.tsx?$|/testing/' },
    },
    {
      name: 'no-circle',
      comment: 'no ring of imports',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'what cannot be resolved cannot be judged',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^server-only$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(\\.next/|/boundaries/planted/|/publish/dist/)' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs', '.cjs', '.json', '.css', '.d.ts'],
    },
  },
}

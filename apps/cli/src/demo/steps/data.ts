import { randomBytes } from 'node:crypto'
import { connect, newKey, patiently, refusalOf, upload } from '../client.ts'
import { asCsv, mislabelled, TRAINING_ROWS } from '../digits.ts'
import { expectThat, type Stage, type Step } from '../stage.ts'

const SPLIT = { kind: 'stratified', train: 0.7, validation: 0.15, test: 0.15, seed: 7 } as const
const SOURCE = 'UCI Optical Recognition of Handwritten Digits, test part, in writer order; first half of the writers'

/** A project with its KPIs, a second person who may approve, and a pager. */
export const project: Step = {
  title: 'project',
  run: async (stage) => {
    const { api } = stage
    const taken = new Set((await api.trpc.account.viewer.query()).projects.map(({ slug }) => slug))
    for (let number = 1; taken.has(stage.project); number++) stage.project = `digits-${number + 1}`
    stage.target.project = stage.project
    const kpis = [
      { metric: 'accuracy', op: '>=', target: 0.9 },
      { metric: 'p95_latency_ms', op: '<=', target: 100 },
    ] as const
    await api.trpc.account.createProject.mutate({
      slug: stage.project,
      name: 'Handwritten digits',
      task: 'multiclass',
      kpis: [...kpis],
      idempotencyKey: newKey(),
    })
    stage.reviewer = await secondPerson(stage)
    const inside = {
      project: stage.project,
      name: 'pager',
      kind: 'webhook',
      settings: { url: 'http://169.254.169.254/latest' },
      idempotencyKey: newKey(),
    } as const
    const refused = await refusalOf(api.trpc.alerts.createChannel.mutate(inside))
    const channel = await api.trpc.alerts.createChannel.mutate({
      ...inside,
      settings: { url: stage.receiver.url },
      idempotencyKey: newKey(),
    })
    stage.receiver.secret = channel.secret
    expectThat(refused.includes('private'), `a private webhook address was refused for another reason: ${refused}`)
    return {
      saw: `${stage.project}: accuracy >= 90 %, p95 <= 100 ms; a reviewer; a pager (a private address was refused)`,
      page: `/${stage.project}/now`,
    }
  },
}

/** An account of its own, signed in as a person would and given a key by that session. */
async function secondPerson(stage: Stage) {
  const password = randomBytes(18).toString('base64url')
  const email = `reviewer-${randomBytes(4).toString('hex')}@modelyard.local`
  await stage.api.trpc.account.addMember.mutate({
    project: stage.project,
    email,
    name: 'Reviewer',
    role: 'deployer',
    password,
    idempotencyKey: newKey(),
  })
  const post = (path: string, args: { body: unknown; cookie?: string }) =>
    patiently(() =>
      fetch(`${stage.consoleUrl}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: stage.consoleUrl,
          ...(args.cookie ? { cookie: args.cookie } : {}),
        },
        body: JSON.stringify(args.body),
      }),
    )
  const signedIn = await post('/api/auth/sign-in/email', { body: { email, password } })
  const greeting = await signedIn.text()
  expectThat(signedIn.ok, `the reviewer could not sign in: ${signedIn.status} ${greeting}`)
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const wanted = { name: 'review', scopes: ['deploy'], expiresInDays: 1, idempotencyKey: newKey() }
  const answer = await post('/api/trpc/account.createKey', { cookie, body: wanted })
  const made = await answer.text()
  expectThat(answer.ok, `the reviewer's session could not make a key: ${answer.status} ${made}`)
  const { result } = JSON.parse(made) as { result: { data: { secret: string } } }
  return connect({ apiUrl: stage.api.apiUrl, key: result.data.secret })
}

/** The rows of the first writers, and a second delivery in which somebody confused two digits. */
export const dataset: Step = {
  title: 'dataset',
  run: async (stage) => {
    const rows = stage.scans.slice(0, TRAINING_ROWS)
    const good = await register(stage, { rows, note: SOURCE })
    const again = await register(stage, { rows, note: SOURCE })
    expectThat(again.id === good.id, 'the same bytes and settings made a second version')
    expectThat(
      !good.blocked,
      `the dataset is blocked: ${good.gates
        .filter(({ pass }) => !pass)
        .map(({ detail }) => detail)
        .join('; ')}`,
    )
    const bad = await register(stage, {
      rows: mislabelled(rows),
      note: `${SOURCE}; labelled again by another annotator`,
    })
    stage.ids.dataset = good.id
    stage.ids.mislabelled = bad.id
    const { train, validation, test } = good.split.parts
    const gates = [...good.gates, ...good.leakage]
    const empty = await refusalOf(
      upload(stage.api, { project: stage.project, bytes: Buffer.from('a,b\n') }).then((sha256) =>
        stage.api.trpc.datasets.register.mutate({ ...request(stage, sha256), format: 'csv', labelColumn: 'b' }),
      ),
    )
    return {
      saw: `v${good.version}: ${good.rows} rows x ${good.columns.length} columns, ${gates.filter(({ pass }) => pass).length} of ${gates.length} gates pass, split ${train.rows}/${validation.rows}/${test.rows}; an empty file: "${empty}"`,
      page: `/${stage.project}/datasets`,
    }
  },
}

function request(stage: Stage, sha256: string) {
  return {
    project: stage.project,
    name: 'digits',
    sha256,
    format: 'csv.gz' as 'csv' | 'csv.gz',
    labelColumn: 'label',
    split: SPLIT,
    licence: 'CC BY 4.0',
    idempotencyKey: newKey(),
  }
}

async function register(stage: Stage, args: { rows: Parameters<typeof asCsv>[0]; note: string }) {
  const sha256 = await upload(stage.api, { project: stage.project, bytes: asCsv(args.rows) })
  return stage.api.trpc.datasets.register.mutate({
    ...request(stage, sha256),
    description: 'Handwritten digits, 8 x 8 grey levels',
    sourceNote: args.note,
  })
}

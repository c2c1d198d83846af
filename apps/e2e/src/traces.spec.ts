import { randomBytes, randomUUID } from 'node:crypto'
import { CATALOGUE, type MetricSpec, type ProcessName } from '@modelyard/telemetry'
import { expect, test } from '@playwright/test'
import { connect, until, upload } from '../../cli/src/demo/client.ts'
import { asCsv, readDigits } from '../../cli/src/demo/digits.ts'
import { Collector } from './collector.ts'
import { type Person, signIn } from './person.ts'
import { Command, dataFolder, type Ready, removeFolder } from './stack.ts'

const PORT_BASE = 14_900
const PORTS: Record<ProcessName, number> = { console: 0, api: 1, gateway: 2, worker: 3, runner: 4 }
const SPLIT = { kind: 'stratified', train: 0.7, validation: 0.15, test: 0.15, seed: 7 } as const
const project = 'traced'

/** What each process must have counted by the end, beside the names of everything it promises. */
const COUNTED: Record<ProcessName, RegExp[]> = {
  console: [/^modelyard_http_requests_total\{route="\/api\/trpc\/\[trpc\]",method="POST",status="200"\} [1-9]/m],
  api: [/^modelyard_attempts_ended_total\{state="succeeded",fail_class="none"\} 1$/m],
  worker: [/^modelyard_job_wait_seconds_count 1$/m],
  runner: [/^modelyard_runner_attempts_total\{outcome="succeeded"\} 1$/m],
  gateway: [/^modelyard_predictions_total\{project="traced",endpoint="digits",variant="r1",code="ok"\} 1$/m],
}

const key = () => ({ idempotencyKey: randomUUID() })

/** A training job submitted at the console, and its end. */
async function train(admin: Person, ready: Ready): Promise<string> {
  await admin.account.createProject.mutate({ slug: project, name: 'Traced', task: 'multiclass', kpis: [], ...key() })
  const bytes = asCsv(readDigits().slice(0, 300))
  const sha256 = await upload(connect({ apiUrl: ready.apiUrl, key: ready.apiKey }), { project, bytes })
  const dataset = { project, name: 'digits', sha256, format: 'csv.gz', labelColumn: 'label', split: SPLIT } as const
  const { id: datasetVersionId } = await admin.datasets.register.mutate({ ...dataset, ...key() })
  const params = { hidden: 0, epochs: 3 }
  const wanted = { project, name: 'traced', recipe: 'tabular-mlp', datasetVersionId, params, model: 'digits' }
  const { id: jobId } = await admin.jobs.submit.mutate({ ...wanted, ...key() })
  const ended = await until('the job to end', async () => {
    const job = await admin.jobs.get.query({ project, jobId })
    return ['succeeded', 'failed', 'canceled'].includes(job.state) ? job : null
  })
  expect(ended.state, ended.attemptList.at(-1)?.reason ?? '').toBe('succeeded')
  return ended.modelVersionId ?? ''
}

/** Approved by a second person and deployed. */
async function deploy(admin: Person, ready: Ready, modelVersionId: string): Promise<void> {
  const second = { email: 'second@modelyard.local', password: randomBytes(18).toString('base64url') }
  await admin.account.addMember.mutate({ project, name: 'Second', role: 'deployer', ...second, ...key() })
  const { sha256: digest } = await admin.models.get.query({ project, modelVersionId })
  const approval = await admin.models.requestApproval.mutate({ project, modelVersionId, ...key() })
  const decision = { project, approvalId: approval.id, digest, decision: 'approve', comment: 'seen' } as const
  await (await signIn(ready.consoleUrl, second)).models.decideApproval.mutate({ ...decision, ...key() })
  const { id: endpointId } = await admin.endpoints.create.mutate({ project, name: 'digits', modelVersionId, ...key() })
  await until(
    'the gateway to serve it',
    async () => (await admin.endpoints.get.query({ project, endpointId })).observed,
  )
}

/** One prediction, asked for in a trace of the caller's own. */
async function predict(ready: Ready): Promise<string> {
  const traceId = randomBytes(16).toString('hex')
  const answer = await fetch(`${ready.gatewayUrl}/${project}/digits/predict`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${ready.apiKey}`,
      'content-type': 'application/json',
      traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
    },
    body: JSON.stringify({ instances: [readDigits().at(-1)?.pixels] }),
  })
  expect(await answer.json()).toMatchObject({ variant: 1, traceId })
  return traceId
}

test('one trace leads from a click at the console into the training process, another from a caller into the model process', async () => {
  const dataDir = dataFolder()
  const collector = new Collector()
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: await collector.open() }
  const stack = new Command({ command: 'start', dataDir, portBase: PORT_BASE, env })
  try {
    await stack.line(/Modelyard is ready/, 300_000)
    const { ready } = stack
    const admin = await signIn(ready.consoleUrl, { email: ready.adminEmail, password: ready.adminPassword })
    await deploy(admin, ready, await train(admin, ready))
    const asked = await predict(ready)

    const submit = () => collector.spans.find(({ path }) => path === '/api/trpc/jobs.submit')
    const trained = () => collector.tree(submit()?.traceId ?? '')
    const clicked = 'console: POST /api/trpc/[trpc]'
    await expect
      .poll(trained, { timeout: 30_000 })
      .toEqual(
        expect.arrayContaining([
          `worker: plan < ${clicked}`,
          `runner: attempt < ${clicked}`,
          'runner: download < runner: attempt',
          'api: GET /attempts/{id}/inputs/{sha256} < runner: download',
          'runner: train < runner: attempt',
          'training: training < runner: train',
          'training: epochs < training: training',
          'training: evaluate < training: training',
          'runner: upload < runner: attempt',
          'runner: finish < runner: attempt',
          'api: POST /trpc < runner: finish',
        ]),
      )
    await expect
      .poll(() => collector.tree(asked), { timeout: 30_000 })
      .toEqual(['gateway: gateway request < nothing known', 'gateway: model run < gateway: gateway request'])

    for (const [name, offset] of Object.entries(PORTS) as [ProcessName, number][]) {
      const said = await (await fetch(`http://127.0.0.1:${PORT_BASE + offset}/metrics`)).text()
      const specs: MetricSpec[] = Object.values(CATALOGUE)
      const promised = specs.filter(({ processes }) => processes.includes(name))
      expect(promised.filter((metric) => !said.includes(`# TYPE ${metric.name} ${metric.kind}`))).toEqual([])
      for (const counted of COUNTED[name]) expect(said).toMatch(counted)
    }
  } finally {
    await stack.close()
    collector.close()
    removeFolder(dataDir)
  }
})

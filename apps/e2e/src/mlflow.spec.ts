import { expect, test } from '@playwright/test'
import { type ApiProcess, startApi } from './mlflow/api-process.ts'
import { type Absent, type Client, clientOf, runScript } from './mlflow/python.ts'

const PROJECT = 'clients'
const COMMON = ['scikit-learn', 'pandas', 'matplotlib', 'pillow', 'psutil']
const CLIENTS = {
  'the newest 3.x': ['mlflow<4', ...COMMON, 'optuna', 'optuna-integration'],
  'the last 2.x': ['mlflow==2.22.*', ...COMMON],
}

let api: ApiProcess
test.beforeAll(async () => {
  api = await startApi(PROJECT)
})
test.afterAll(() => api.stop())

/** All that a team changes: where the server is and who they are. */
const asBearer = () => ({ MLFLOW_TRACKING_URI: api.url, MLFLOW_TRACKING_TOKEN: api.key })
const asBasic = () => ({
  MLFLOW_TRACKING_URI: `${api.url}/projects/${PROJECT}`,
  MLFLOW_TRACKING_USERNAME: 'anybody',
  MLFLOW_TRACKING_PASSWORD: api.key,
})

for (const [name, packages] of Object.entries(CLIENTS)) {
  test.describe(`an unmodified client, ${name}`, () => {
    let client: Client | Absent
    test.beforeAll(async () => {
      client = await clientOf(packages)
    })
    const runs = async (script: string, args: string[], env: Record<string, string>) => {
      test.info().skip('reason' in client, `no MLflow client was tried: ${'reason' in client ? client.reason : ''}`)
      if ('reason' in client) throw new Error(client.reason)
      return runScript(client, script, { args, env })
    }
    const experiment = (script: string) => `${script} by ${name}`

    test('autologs, logs and registers a model, names it by an alias and loads it', async () => {
      const { run_id: hex } = await runs('autolog.py', [experiment('autolog')], asBearer())
      const { items } = await api.api.runs.list.query({ project: PROJECT, limit: 50 })
      expect(items.map((run) => run.name)).toContain('forest')
      expect(hex).toMatch(/^[0-9a-f]{32}$/)
    })

    test('logs nested runs, in the background, system metrics, images, tables, and finds them', async () => {
      await runs('tracking.py', [experiment('tracking')], asBasic())
    })

    test('keeps a registry: versions, labels, stages, aliases, webhooks', async () => {
      await runs('registry.py', [experiment('registry').replaceAll(/[^\w ]/g, '-')], asBasic())
    })

    if (packages.includes('optuna')) {
      test("runs a study with Optuna's callback", async () => {
        await runs('optuna_study.py', [experiment('optuna')], asBearer())
      })

      test('traces, and does not notice that nobody keeps traces', async () => {
        await runs('traced.py', [experiment('traced')], asBearer())
      })
    }
  })
}

test("Lightning's logger and the Hugging Face Trainer's callback", async () => {
  const python = process.env.MODELYARD_TORCH_PYTHON
  test
    .info()
    .skip(
      !python,
      'torch weighs gigabytes: name a Python that has it, lightning and transformers in MODELYARD_TORCH_PYTHON',
    )
  await runScript({ python: python ?? '' }, 'callbacks.py', { args: ['callbacks'], env: asBearer() })
})

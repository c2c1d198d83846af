import { LineageGraph, RegisterDataset } from '@modelyard/contracts'
import { tables } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { registerDataset } from '../dataset/register.ts'
import { createEndpoint } from '../endpoint/create.ts'
import { decideApproval } from '../model/decide-approval.ts'
import { requestApproval } from '../model/request-approval.ts'
import { startRollout } from '../rollout/start.ts'
import { type ModelStage, modelStage } from '../testing/models.ts'
import { getLineage } from './read.ts'

const project = 'digits'
const POLICY = {
  steps: [{ weightBps: 1000, minDwellS: 3, minUnits: 10 }],
  ...{ alpha: 0.01, guards: ['errors' as const], margin: 1.25, maxDurationS: 600 },
}
let database: TestDatabase
let stage: ModelStage
beforeAll(async () => {
  database = await testDatabase()
  stage = await modelStage(database.db)
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const lineage = async (focus: string, ctx = stage.as('viewer')) =>
  LineageGraph.parse(await getLineage(ctx, { project, focus }))
const names = (graph: LineageGraph) =>
  graph.nodes.map(({ kind, name, number }) => `${kind} ${name} ${number ?? ''}`.trim())
const told = (graph: LineageGraph) => {
  const kind = new Map(graph.nodes.map((node) => [node.id, node.kind]))
  return graph.edges.map(({ from, to, relation }) => `${kind.get(from)} ${relation} ${kind.get(to)}`).toSorted()
}

async function approved(): Promise<{ id: string; jobId: string; runId: string }> {
  const { job, blob, register } = await stage.train()
  const { id } = await register()
  const asked = { project, modelVersionId: id, comment: '', idempotencyKey: stage.key() }
  const { id: approvalId } = await requestApproval(stage.as('editor'), asked)
  const decision = { project, approvalId, digest: blob.sha256, decision: 'approve', comment: '' } as const
  await decideApproval(stage.as('deployer'), { ...decision, idempotencyKey: stage.key() })
  return { id, jobId: job.id, runId: job.runId }
}

const TRAINED = ['code built job', 'dataset_version read_by job', 'job ran run', 'run registered model_version']

describe('the lineage of', () => {
  let first: Awaited<ReturnType<typeof approved>>
  let second: Awaited<ReturnType<typeof approved>>
  let endpointId: string
  let rolloutId: string
  beforeAll(async () => {
    first = await approved()
    second = await approved()
    const deployer = stage.as('deployer')
    const opening = { project, name: 'live', modelVersionId: first.id, idempotencyKey: stage.key() }
    endpointId = (await createEndpoint(deployer, opening)).id
    const start = { project, endpointId, modelVersionId: second.id, policy: POLICY, idempotencyKey: stage.key() }
    rolloutId = (await startRollout(deployer, start)).id
  })

  test('a version leads from its data, code and job to where it serves, without its siblings', async () => {
    const graph = await lineage(first.id)
    expect(told(graph)).toEqual(
      [...TRAINED, 'model_version deployed_as variant', 'variant serves_on endpoint'].toSorted(),
    )
    expect(names(graph)).toEqual(
      expect.arrayContaining(['dataset_version rows 1', 'model_version clf 1', 'variant live 1', 'endpoint live']),
    )
    expect(graph.nodes.find(({ kind }) => kind === 'code')).toMatchObject({ id: 'code:c0ffee', name: 'c0ffee' })
    expect(graph.nodes.find(({ kind }) => kind === 'variant')?.state).toBe('stable')
    expect(graph.truncated).toBe(false)
  })

  test('a version that a rollout brought in leads through the rollout', async () => {
    const graph = await lineage(second.id)
    expect(told(graph)).toEqual(
      [
        ...TRAINED,
        ...['model_version deployed_as variant', 'variant rolled_out_by rollout', 'rollout serves_on endpoint'],
      ].toSorted(),
    )
    expect(graph.nodes.find(({ id }) => id === rolloutId)).toMatchObject({ kind: 'rollout', name: 'live', number: 1 })
  })

  test('an endpoint is everything that ever served on it, back to the rows', async () => {
    const graph = await lineage(endpointId)
    const ids = graph.nodes.map(({ id }) => id)
    expect(ids).toEqual(
      expect.arrayContaining([first.id, second.id, first.jobId, second.runId, stage.datasetVersionId]),
    )
  })

  test('data is all that was made of it; a later version of it has the earlier one before it, and not its models', async () => {
    const editor = stage.as('editor')
    const text = ['a,b,kind', ...Array.from({ length: 60 }, (_, row) => `${row},${row % 5},${row % 2 ? 'no' : 'yes'}`)]
    const { sha256 } = await stage.store(Buffer.from(text.join('\n')))
    const split = { kind: 'stratified', train: 0.6, validation: 0.2, test: 0.2, seed: 1 } as const
    const wanted = { project, name: 'rows', sha256, format: 'csv', labelColumn: 'kind', split }
    const key = { idempotencyKey: stage.key() }
    const later = (await registerDataset(editor, RegisterDataset.parse({ ...wanted, ...key }))).id
    expect(told(await lineage(later))).toEqual(['dataset_version revised_to dataset_version'])
    const ids = (await lineage(stage.datasetVersionId)).nodes.map(({ id }) => id)
    expect(ids).toEqual(expect.arrayContaining([first.id, second.id, endpointId, rolloutId]))
    expect(ids).not.toContain(later)
  })

  test('what clients logged goes by way of logged models and data that only they know', async () => {
    const { db, newId, now } = stage.as('editor')
    const projectId = stage.project.id
    const [experiment] = await db.select().from(tables.experiment).where(eq(tables.experiment.projectId, projectId))
    const experimentId = experiment?.id ?? ''
    const [runId, modelId, dataId, versionId] = [newId('run'), newId('lm'), newId('lds'), newId('mv')]
    const by = { kind: 'system' as const, id: 'test', label: 'test' }
    const made = { projectId, experimentId, createdBy: by, createdAt: now() }
    await db.insert(tables.run).values({ ...made, id: runId, name: 'outside', status: 'finished', codeCommit: 'abc' })
    const logged = { ...made, id: modelId, name: 'net', status: 'ready' as const, sourceRunId: runId, updatedAt: now() }
    await db.insert(tables.loggedModel).values(logged)
    const source = { sourceType: 'http', source: '{}', createdAt: now() }
    await db
      .insert(tables.loggedDataset)
      .values({ ...source, id: dataId, projectId, experimentId, name: 'web', digest: 'd' })
    await db.insert(tables.runDataset).values({ runId, projectId, loggedDatasetId: dataId, tags: [], createdAt: now() })
    const [like] = await db.select().from(tables.modelVersion).where(eq(tables.modelVersion.id, first.id))
    if (!like) throw new Error('the version is gone')
    const of = { id: versionId, version: 77, loggedModelId: modelId, runId, jobId: null, datasetVersionId: null }
    await db.insert(tables.modelVersion).values({ ...like, ...of })
    const graph = await lineage(versionId)
    expect(told(graph)).toEqual([
      ...['code built run', 'logged_dataset read_by run', 'logged_model registered model_version'],
      'run logged logged_model',
    ])
    expect((await lineage(modelId)).nodes.map(({ id }) => id)).toContain(versionId)
  })

  test('a thing of another project, or of none, is nowhere', async () => {
    const stranger = stage.stranger
    for (const [ctx, slug] of [
      [stranger, 'digits'],
      [stranger, 'digits-b'],
    ] as const) {
      await expect(getLineage(ctx, { project: slug, focus: first.id })).rejects.toMatchObject({ code: 'not_found' })
    }
    await expect(lineage(`mv_${'0'.repeat(26)}`)).rejects.toMatchObject({ code: 'not_found' })
  })
})

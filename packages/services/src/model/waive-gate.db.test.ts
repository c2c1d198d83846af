import { listLedger } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ctx } from '../context.ts'
import { exportModelCard, getModelCard } from '../model-card/read.ts'
import { type ModelStage, modelStage } from '../testing/models.ts'
import { decideApproval } from './decide-approval.ts'
import { getModelVersion } from './read.ts'
import { requestApproval } from './request-approval.ts'
import { waiveGate } from './waive-gate.ts'

const project = 'digits'
const gate = 'kpi:accuracy'
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

/** Made by the editor, too inaccurate for the project. */
const made = async () => (await (await stage.train({ report: { accuracy: 0.8 } })).register()).id
const versionOf = (modelVersionId: string) => getModelVersion(stage.as('viewer'), { project, modelVersionId })
async function waive(modelVersionId: string, by: Ctx = stage.as('deployer'), change: object = {}) {
  const { sha256: digest, gates } = await versionOf(modelVersionId)
  const finding = gates.find((each) => each.gate === gate)?.detail ?? ''
  const asked = { project, modelVersionId, gate, digest, finding, reason: 'labels are noisy', ...change }
  return waiveGate(by, { ...asked, idempotencyKey: stage.key() })
}

test('another person lets a failed gate pass, signed on the page, the card and in the ledger; then it is approved', async () => {
  const id = await made()
  const ask = () =>
    requestApproval(stage.as('editor'), { project, modelVersionId: id, comment: '', idempotencyKey: stage.key() })
  await expect(ask()).rejects.toMatchObject({ code: 'blocked', details: { gates: [gate] } })
  await waive(id)
  const version = await versionOf(id)
  expect(version.gatesPassed).toBe(true)
  expect(version.gates.find((each) => each.gate === gate)).toMatchObject({
    ...{ pass: true, verdict: 'waived', observed: 0.8, detail: 'accuracy >= 0.9: measured 0.8' },
    waiver: { digest: version.sha256, by: { label: 'deployer of digits' }, reason: 'labels are noisy' },
  })
  const [entry] = await listLedger(database.db, { projectId: stage.project.id, limit: 1, targetId: id })
  expect(entry).toMatchObject({
    ...{ action: 'model.gate_waived', actor: { label: 'deployer of digits' } },
    detail: { gate, finding: 'accuracy >= 0.9: measured 0.8', reason: 'labels are noisy', sha256: version.sha256 },
  })
  const card = await getModelCard(stage.as('viewer'), { project, modelVersionId: id })
  expect(card.limits[0]).toEqual({ code: 'waived_gate', gate, by: 'deployer of digits', reason: 'labels are noisy' })
  const { text } = await exportModelCard(stage.as('viewer'), { project, modelVersionId: id, format: 'markdown' })
  expect(text).toContain('| waived | kpi:accuracy |')
  const { id: approvalId, digest } = await ask()
  const decision = { project, approvalId, digest, decision: 'approve' as const, comment: '' }
  await decideApproval(stage.as('deployer'), { ...decision, idempotencyKey: stage.key() })
  expect((await versionOf(id)).stage).toBe('approved')
})

test('what is refused changes nothing: oneself, too small a role, strangers, what was not seen, what cannot be waived', async () => {
  const id = await made()
  const own = (await (await stage.train({ report: { accuracy: 0.8 }, by: stage.as('deployer') })).register()).id
  await expect(waive(own)).rejects.toMatchObject({ code: 'forbidden', details: { reason: { code: 'self_waiver' } } })
  await expect(waive(id, stage.as('editor'))).rejects.toMatchObject({ code: 'forbidden' })
  await expect(waive(id, stage.stranger)).rejects.toMatchObject({ code: 'not_found' })
  const deployer = stage.as('deployer')
  await expect(waive(id, deployer, { digest: 'f'.repeat(64) })).rejects.toMatchObject({ code: 'stale' })
  await expect(waive(id, deployer, { finding: 'accuracy >= 0.9: measured 0.89' })).rejects.toMatchObject({
    code: 'stale',
  })
  await expect(waive(id, deployer, { gate: 'none' })).rejects.toMatchObject({ code: 'not_found', field: 'gate' })
  const finding = 'the stored bytes match their digest'
  await expect(waive(id, deployer, { gate: 'artifact', finding })).rejects.toMatchObject({ code: 'conflict' })
  expect((await versionOf(id)).gatesPassed).toBe(false)
})

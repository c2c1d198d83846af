import { type CardSection, EditModelCard, ModelCard } from '@modelyard/contracts'
import { listLedger } from '@modelyard/db'
import { type TestDatabase, testDatabase } from '@modelyard/db/testing/index'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ModelStage, modelStage } from '../testing/models.ts'
import { editModelCard } from './edit.ts'
import { exportModelCard, getModelCard } from './read.ts'

const project = 'digits'
let database: TestDatabase
let stage: ModelStage
let modelVersionId: string
beforeAll(async () => {
  database = await testDatabase()
  stage = await modelStage(database.db)
  const weak = { label: 'yes', precision: 0.5, recall: 0.5, f1: 0.5, support: 40 }
  const strong = { label: 'no', precision: 1, recall: 1, f1: 1, support: 60 }
  const trained = await stage.train({ report: { accuracy: 0.8, macroF1: 0.75, perClass: [strong, weak] } })
  modelVersionId = (await trained.register()).id
})
afterAll(async () => {
  stage.close()
  await database.drop()
})

const card = async (ctx = stage.as('viewer')) => ModelCard.parse(await getModelCard(ctx, { project, modelVersionId }))
const edit = (revision: number, sections: Partial<Record<CardSection, string>>, ctx = stage.as('editor')) =>
  editModelCard(ctx, EditModelCard.parse({ project, modelVersionId, revision, sections, idempotencyKey: stage.key() }))
const markdown = async () =>
  (await exportModelCard(stage.as('viewer'), { project, modelVersionId, format: 'markdown' })).text

describe('a card', () => {
  test('is made from the records: data with its licence, evaluation, gates, and the limits that follow', async () => {
    const made = await card()
    expect(made.trainingData).toMatchObject({ name: 'rows', version: 1, rows: 60, labelColumn: 'kind', licence: '' })
    expect(made.limits).toEqual([
      { code: 'failed_gate', gate: 'kpi:accuracy' },
      { code: 'wide_interval', rows: 12, low: 0.7, high: 1 },
      { code: 'weak_class', label: 'yes', f1: 0.5, macroF1: 0.75, support: 40 },
      { code: 'no_licence' },
    ])
    expect(Object.values(made.sections)).toEqual(['', '', '', '', '', ''])
  })

  test('takes what people write, keeps the rest, and stands in the ledger', async () => {
    const { revision } = await card()
    const edited = await edit(revision, { intendedUse: 'Sorting letters.' })
    expect(edited.sections.intendedUse).toBe('Sorting letters.')
    await edit(edited.revision, { contact: 'wu' })
    expect((await card()).sections).toMatchObject({ intendedUse: 'Sorting letters.', contact: 'wu', ethics: '' })
    const entries = await listLedger(database.db, {
      ...{ projectId: stage.project.id, limit: 10, action: 'model_card.edited' },
    })
    expect(entries).toMatchObject([
      { targetId: modelVersionId, detail: { sections: { contact: 'wu' } } },
      { actor: { label: 'editor of digits' }, detail: { sections: { intendedUse: 'Sorting letters.' } } },
    ])
  })

  test('written from an older reading is refused, and one that says nothing new changes nothing', async () => {
    const { revision, sections } = await card()
    await expect(edit(revision - 1, { summary: 'x' })).rejects.toMatchObject({
      ...{ code: 'stale', field: 'revision', details: { revision } },
    })
    expect((await edit(revision, { contact: sections.contact })).revision).toBe(revision)
    await expect(edit(revision, { summary: 'x' }, stage.as('viewer'))).rejects.toMatchObject({ code: 'forbidden' })
    await expect(edit(revision, { summary: 'x' }, stage.stranger)).rejects.toMatchObject({ code: 'not_found' })
  })

  test('two who write at once: one is told that it is late', async () => {
    const { revision } = await card()
    const both = await Promise.allSettled([edit(revision, { ethics: 'a' }), edit(revision, { ethics: 'b' })])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  test('in Markdown has every table, and no words of people that do more than be read', async () => {
    const { revision } = await card()
    await edit(revision, { summary: 'Good.\n\n## Gates\n| pass | all |\n<script>alert(1)</script>' })
    const text = await markdown()
    for (const part of ['# clf v1', '| Dataset | rows v1 |', '| yes | 0.500 |', '| FAIL | kpi:accuracy |', 'c0ffee'])
      expect(text).toContain(part)
    expect(text.match(/^## Gates$/gm)).toHaveLength(1)
    expect(text).toContain('> \\#\\# Gates\n> \\| pass \\| all \\|\n> \\<script\\>')
    expect(text).not.toMatch(/<script>/)
  })

  test('in JSON is the card itself, under a name that any disk takes', async () => {
    const file = await exportModelCard(stage.as('viewer'), { project, modelVersionId, format: 'json' })
    expect(file.fileName).toBe('clf-v1-card.json')
    expect(ModelCard.parse(JSON.parse(file.text))).toEqual(await card())
  })
})

import {
  CARD_SECTIONS,
  type CardSection,
  type ExportedCard,
  type ExportModelCard,
  type GetModelCard,
  type ModelCard,
  type ModelVersion,
} from '@modelyard/contracts'
import { type Db, findDatasetVersion, findModelVersion, type NamedModelVersion } from '@modelyard/db'
import { limitsOf, refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject, type Project } from '../access.ts'
import type { Ctx } from '../context.ts'
import { decisiveReport } from '../model/judge.ts'
import { modelVersionView } from '../model/view.ts'
import { cardAsMarkdown } from './markdown.ts'

/** A version's card: what the records hold of it, with what people wrote. @throws Refusal `not_found` */
export async function getModelCard(ctx: Ctx, input: z.output<typeof GetModelCard>): Promise<ModelCard> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const found = await findModelVersion(ctx.db, { projectId: project.id, id: input.modelVersionId })
  return found
    ? cardOf(ctx, project, found)
    : refuse('not_found', `there is no model version ${input.modelVersionId} in ${input.project}`, {
        field: 'modelVersionId',
      })
}

/** The card as a file to keep elsewhere. Markdown holds every text inert; JSON is the card as it is. */
export async function exportModelCard(ctx: Ctx, input: z.output<typeof ExportModelCard>): Promise<ExportedCard> {
  const card = await getModelCard(ctx, input)
  const { model, version } = card.version
  const name = `${model.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '') || 'model'}-v${version}-card`
  return input.format === 'json'
    ? { fileName: `${name}.json`, mediaType: 'application/json', text: `${JSON.stringify(card, null, 2)}\n` }
    : { fileName: `${name}.md`, mediaType: 'text/markdown; charset=utf-8', text: cardAsMarkdown(card) }
}

export async function cardOf(ctx: Ctx, project: Project, found: NamedModelVersion): Promise<ModelCard> {
  const view = await modelVersionView(ctx, found)
  const trainingData = await trainingDataOf(ctx.db, { projectId: project.id, id: view.lineage.datasetVersionId })
  return {
    project: project.slug,
    version: view,
    revision: found.version.revision,
    sections: sectionsOf(found.version.card),
    trainingData,
    limits: limitsOf({ ...factsOf(view), trainingData }),
    madeAt: ctx.now().toISOString(),
  }
}

export function sectionsOf(card: Record<string, string>): Record<CardSection, string> {
  return Object.fromEntries(CARD_SECTIONS.map((name) => [name, card[name] ?? ''])) as Record<CardSection, string>
}

function factsOf(view: ModelVersion) {
  const { format, gates } = view
  return {
    ...{ format, codeCommit: view.lineage.codeCommit, test: decisiveReport(view.evaluations) },
    failedGates: gates.filter(({ pass }) => !pass).map(({ gate }) => gate),
    waivedGates: gates.flatMap(({ gate, waiver }) => {
      return waiver ? [{ gate, by: waiver.by.label, reason: waiver.reason }] : []
    }),
  }
}

async function trainingDataOf(
  db: Db,
  { projectId, id }: { projectId: string; id: string | null },
): Promise<ModelCard['trainingData']> {
  const found = id === null ? null : await findDatasetVersion(db, { projectId, id })
  if (!found) return null
  const { version, rows, labelColumn, sha256, licence, description, sourceNote, blocked } = found.version
  return {
    ...{ id: found.version.id, name: found.name, version, rows, labelColumn, sha256 },
    ...{ licence, description, sourceNote, blocked },
  }
}

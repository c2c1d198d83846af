import type { GetLineage, LineageEdge, LineageGraph, LineageNode } from '@modelyard/contracts'
import { type Db, type LineageNodeRow, readLineageEdges, readLineageNodes } from '@modelyard/db'
import { refuse } from '@modelyard/domain'
import type { z } from 'zod'
import { inProject } from '../access.ts'
import type { Ctx } from '../context.ts'

/** From the rows of a first dataset version to an endpoint are eight steps; retraining on what was trained adds some. */
const MAX_STEPS = 16
/** More boxes than this no picture makes clear. */
const MAX_NODES = 150
const MAX_EDGES = 600

const CODE = 'code:'

type Walk = { db: Db; projectId: string; focus: string; direction: 'into' | 'outOf' }
type Found = { edges: Map<string, LineageEdge>; truncated: boolean }

/**
 * Everything that led to one thing and everything that came of it: data, code, job, run, model, version, variant, rollout,
 * endpoint. Siblings, such as other models trained on the same data, are no part of it.
 * @throws Refusal `not_found` where the project has no such thing
 */
export async function getLineage(ctx: Ctx, input: z.output<typeof GetLineage>): Promise<LineageGraph> {
  const { project } = await inProject(ctx, input.project, 'project.read')
  const { db } = ctx
  const { focus } = input
  const walk = { db, projectId: project.id, focus }
  const [self] = await readLineageNodes(db, { projectId: project.id, ids: [focus] })
  if (!self) return refuse('not_found', `there is no ${focus} in ${input.project}`, { field: 'focus' })
  const causes = await follow({ ...walk, direction: 'into' })
  const effects = await follow({ ...walk, direction: 'outOf' })
  const edges = [...new Map([...causes.edges, ...effects.edges]).values()]
  const ids = new Set([focus, ...edges.flatMap(({ from, to }) => [from, to])])
  const rows = await readLineageNodes(db, { projectId: project.id, ids: [...ids].filter((id) => !isCode(id)) })
  const nodes = [...rows.map(nodeOf), ...[...ids].filter(isCode).map(codeNode)]
  const known = new Set(nodes.map(({ id }) => id))
  return {
    focus,
    nodes: nodes.toSorted((a, b) => order(a).localeCompare(order(b))),
    edges: edges.filter(({ from, to }) => known.has(from) && known.has(to)),
    truncated: causes.truncated || effects.truncated,
  }
}

/** Layer by layer, one statement each, until nothing new is found or a bound is reached. */
async function follow({ focus, ...walk }: Walk): Promise<Found> {
  const edges = new Map<string, LineageEdge>()
  const seen = new Set([focus])
  let layer = [focus]
  for (let step = 0; layer.length > 0; step += 1) {
    if (step === MAX_STEPS) return { edges, truncated: true }
    const found = (await readLineageEdges(walk.db, { ...walk, ids: layer, limit: MAX_EDGES + 1 })) as LineageEdge[]
    const next: string[] = []
    for (const edge of found) {
      const far = walk.direction === 'into' ? edge.from : edge.to
      if (!seen.has(far)) {
        if (seen.size === MAX_NODES) return { edges, truncated: true }
        seen.add(far)
        if (!isCode(far)) next.push(far)
      }
      edges.set(`${edge.from} ${edge.to}`, edge)
    }
    if (edges.size > MAX_EDGES) return { edges, truncated: true }
    layer = next
  }
  return { edges, truncated: false }
}

const isCode = (id: string): boolean => id.startsWith(CODE)

/** Ids hold their time: the same graph is always told in the same order. */
const order = ({ id }: LineageNode): string => id.slice(id.indexOf('_') + 1)

function nodeOf({ created_at, ...row }: LineageNodeRow): LineageNode {
  return { ...row, kind: row.kind as LineageNode['kind'], createdAt: created_at?.toISOString() ?? null }
}

function codeNode(id: string): LineageNode {
  return { id, kind: 'code', name: id.slice(CODE.length), number: null, state: null, createdAt: null }
}

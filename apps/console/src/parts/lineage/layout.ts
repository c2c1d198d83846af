import dagre from '@dagrejs/dagre'
import type { LineageEdge, LineageGraph, LineageNode } from '@modelyard/contracts'

export const BOX = { width: 188, height: 54 } as const
const MARGIN = 12
const GAP = { between: 18, ranks: 44 } as const

export type PlacedNode = LineageNode & { x: number; y: number }
export type PlacedEdge = LineageEdge & { path: string }
export type Layout = { width: number; height: number; nodes: PlacedNode[]; edges: PlacedEdge[] }

/** Places a lineage from left (causes) to right (effects), in whole pixels; `x` and `y` are a box's upper left corner. */
export function layOut({ nodes, edges }: Pick<LineageGraph, 'nodes' | 'edges'>): Layout {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: GAP.between, ranksep: GAP.ranks, marginx: MARGIN, marginy: MARGIN })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id } of nodes) graph.setNode(id, { ...BOX })
  for (const { from, to } of edges) graph.setEdge(from, to)
  dagre.layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: nodes.map((node) => {
      const { x, y } = graph.node(node.id)
      return { ...node, x: Math.round(x - BOX.width / 2), y: Math.round(y - BOX.height / 2) }
    }),
    edges: edges.map((edge) => ({ ...edge, path: pathOf(graph.edge(edge.from, edge.to).points ?? []) })),
  }
}

type Point = { x: number; y: number }

/** A line that leaves and arrives level and bends halfway between the points given. */
function pathOf(points: readonly Point[]): string {
  const [first, ...rest] = points
  if (first === undefined) return ''
  let at = first
  let path = `M${round(first)}`
  for (const next of rest) {
    const middle = (at.x + next.x) / 2
    path += ` C${round({ x: middle, y: at.y })} ${round({ x: middle, y: next.y })} ${round(next)}`
    at = next
  }
  return path
}

const round = ({ x, y }: Point): string => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`

/** Text cut to the room of so many Latin letters, of which a Chinese character takes two. */
export function cutTo(text: string, room: number): string {
  let used = 0
  let kept = ''
  for (const character of text) {
    used += /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]/.test(character) ? 2 : 1
    if (used > room) return `${kept.slice(0, -1)}…`
    kept += character
  }
  return kept
}

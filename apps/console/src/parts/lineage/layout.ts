import dagre from '@dagrejs/dagre'
import type { LineageEdge, LineageGraph, LineageNode } from '@modelyard/contracts'

export const BOX = { width: 130, height: 64 } as const
const MARGIN = { x: 8, y: 14 } as const
const GAP = { between: 18, ranks: 16 } as const

/** Causes on the left and effects on the right; or, where there is no width, from top to bottom. */
export type Direction = 'LR' | 'TB'
export type PlacedNode = LineageNode & { x: number; y: number }
export type PlacedEdge = LineageEdge & { path: string }
export type Layout = { width: number; height: number; nodes: PlacedNode[]; edges: PlacedEdge[] }
type Point = { x: number; y: number }

/**
 * Places a lineage from causes to effects, in whole pixels; `x` and `y` are a box's upper left corner. The nodes come back
 * in the order in which a reader meets them.
 */
export function layOut({ nodes, edges }: Pick<LineageGraph, 'nodes' | 'edges'>, direction: Direction): Layout {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: direction, nodesep: GAP.between, ranksep: GAP.ranks, marginx: MARGIN.x, marginy: MARGIN.y })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const { id } of nodes) graph.setNode(id, { ...BOX })
  for (const { from, to } of edges) graph.setEdge(from, to)
  dagre.layout(graph)
  const centre = (id: string): Point => graph.node(id)
  const { width = 0, height = 0 } = graph.graph()
  const along = direction === 'LR' ? ('x' as const) : ('y' as const)
  const across = direction === 'LR' ? ('y' as const) : ('x' as const)
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    nodes: nodes
      .map((node) => {
        const { x, y } = centre(node.id)
        return { ...node, x: Math.round(x - BOX.width / 2), y: Math.round(y - BOX.height / 2) }
      })
      .toSorted((a, b) => a[along] - b[along] || a[across] - b[across]),
    edges: edges.map((edge) => {
      const bends = (graph.edge(edge.from, edge.to).points ?? []).slice(1, -1)
      const ends = [sideOf(centre(edge.from), direction, 1), sideOf(centre(edge.to), direction, -1)] as const
      // An edge to the next rank needs no bend: dagre's own is only where it would meet the boxes' corners.
      const points = bends.length > 1 ? [ends[0], ...bends, ends[1]] : [...ends]
      return { ...edge, path: pathOf(points, direction) }
    }),
  }
}

/** The middle of the side that an edge leaves (1) or reaches (-1). */
function sideOf({ x, y }: Point, direction: Direction, side: 1 | -1): Point {
  return direction === 'LR' ? { x: x + (side * BOX.width) / 2, y } : { x, y: y + (side * BOX.height) / 2 }
}

/** A line that leaves and arrives straight on and bends halfway between the points given. */
function pathOf([first, ...rest]: readonly Point[], direction: Direction): string {
  if (first === undefined) return ''
  let at = first
  let path = `M${round(first)}`
  for (const next of rest) {
    const middle = { x: (at.x + next.x) / 2, y: (at.y + next.y) / 2 }
    const [leave, arrive] =
      direction === 'LR'
        ? [
            { x: middle.x, y: at.y },
            { x: middle.x, y: next.y },
          ]
        : [
            { x: at.x, y: middle.y },
            { x: next.x, y: middle.y },
          ]
    path += ` C${round(leave)} ${round(arrive)} ${round(next)}`
    at = next
  }
  return path
}

const round = ({ x, y }: Point): string => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`

/** A name in at most two lines of so many Latin letters each, broken between words where there are any. */
export function inTwoLines(text: string, room: number): string[] {
  if (cutTo(text, room) === text) return [text]
  const words = text.split(/(?<=[\s\-_/.])/)
  let first = ''
  for (const word of words) {
    if (cutTo(first + word, room) !== first + word) break
    first += word
  }
  // One long word is broken where the room ends.
  if (first === '') first = cutTo(text, room + 1).slice(0, -1)
  return [first.trimEnd(), cutTo(text.slice(first.length), room)]
}

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

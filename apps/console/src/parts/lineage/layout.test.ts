import type { LineageNode } from '@modelyard/contracts'
import { describe, expect, it } from 'vitest'
import { BOX, cutTo, inTwoLines, layOut } from './layout.ts'

const node = (id: string): LineageNode => ({ id, kind: 'run', name: id, number: null, state: null, createdAt: null })
const edge = (from: string, to: string) => ({ from, to, relation: 'ran' as const })

describe('a lineage is laid out', () => {
  const nodes = ['data', 'code', 'job', 'run', 'version', 'a', 'b'].map(node)
  const edges = [
    edge('data', 'job'),
    edge('code', 'job'),
    edge('job', 'run'),
    edge('run', 'version'),
    edge('version', 'a'),
    edge('version', 'b'),
  ]
  const placed = layOut({ nodes: nodes.toReversed(), edges }, 'LR')
  const at = new Map(placed.nodes.map((each) => [each.id, each]))

  it('from causes on the left to effects on the right', () => {
    for (const { from, to } of edges) {
      const [left, right] = [at.get(from), at.get(to)]
      expect((left?.x ?? 0) + BOX.width, `${from} is left of ${to}`).toBeLessThan(right?.x ?? 0)
    }
  })

  it('with no box over another, and all of them within', () => {
    for (const one of placed.nodes) {
      expect(one.x).toBeGreaterThanOrEqual(0)
      expect(one.x + BOX.width).toBeLessThanOrEqual(placed.width)
      expect(one.y + BOX.height).toBeLessThanOrEqual(placed.height)
      for (const other of placed.nodes.filter(({ id }) => id > one.id)) {
        const apart = Math.abs(one.x - other.x) >= BOX.width || Math.abs(one.y - other.y) >= BOX.height
        expect(apart, `${one.id} and ${other.id}`).toBe(true)
      }
    }
  })

  it('with a line for every edge', () => {
    for (const { path } of placed.edges) expect(path).toMatch(/^M[\d.]+,[\d.]+( C.*)+$/)
  })

  it('told in the order of a reader, whatever order it came in', () => {
    expect(placed.nodes.map(({ id }) => id).slice(2, 5)).toEqual(['job', 'run', 'version'])
  })

  it('from top to bottom where there is no width', () => {
    const tall = layOut({ nodes, edges }, 'TB')
    expect(tall.width).toBeLessThan(350)
    const y = new Map(tall.nodes.map((each) => [each.id, each.y]))
    for (const { from, to } of edges) expect(y.get(from) ?? 0).toBeLessThan(y.get(to) ?? 0)
  })

  it('also when there is one thing only', () => {
    expect(layOut({ nodes: [node('alone')], edges: [] }, 'LR').nodes).toHaveLength(1)
  })
})

describe('a name in two lines', () => {
  it.each([
    ['short', ['short']],
    ['softmax on first', ['softmax', 'on first']],
    ['unbreakablename', ['unbreakabl', 'ename']],
    ['one two three four five', ['one two', 'three fou…']],
    ['模型模型模型', ['模型模型', '模型']],
  ])('%j is %j', (text, lines) => expect(inTwoLines(text, 10)).toEqual(lines))
})

describe('a name', () => {
  it.each([
    ['short', 10, 'short'],
    ['exactly-10', 10, 'exactly-10'],
    ['longer-than-10', 10, 'longer-th…'],
    ['模型模型模型', 10, '模型模型…'],
    ['', 10, ''],
  ])('%j in the room of %i letters is %j', (text, room, cut) => expect(cutTo(text, room)).toBe(cut))
})

import { refuse } from '../refusal.ts'
import type { Order } from './condition.ts'
import type { SearchEntity } from './entity.ts'
import { type FoundField, fieldOf } from './field.ts'

export const ORDER_LIMITS = { items: 16, characters: 1000 } as const

const ITEM =
  /^(?:(?<scope>`[^`]*`|[\p{L}_][\p{L}\p{N}_]*)\.)?(?<key>`[^`]*`|"[^"]*"|[\p{L}\p{N}_.]+)(?:\s+(?<way>\S+))?$/u

/**
 * What to order by: each item is a field and perhaps ASC or DESC. The entity's standard order where there is none, and
 * its ties at the end, so that any two things have one order.
 * @throws Refusal `invalid` on the field `order_by`, naming the item.
 */
export function parseOrder(entity: SearchEntity, items: readonly string[]): Order[] {
  if (items.length > ORDER_LIMITS.items) refuseLength()
  return withTies(
    entity,
    items.map((item, index) => parseItem(entity, item, index)),
  )
}

/** An order completed by what the entity adds to it. @throws Refusal `invalid` when it is too long or names a field twice. */
export function withTies(entity: SearchEntity, asked: readonly Order[]): Order[] {
  if (asked.length > ORDER_LIMITS.items) refuseLength()
  asked.forEach(({ field, dataset }, index) => {
    if (asked.slice(0, index).some((earlier) => same(earlier, field) && sameDataset(earlier.dataset, dataset))) {
      refuseOrder(index, `"${field.key}" is ordered by twice`)
    }
  })
  const chosen = asked.length > 0 ? asked : entity.standard
  return [...chosen, ...entity.ties.filter((tie) => !chosen.some((order) => same(order, tie.field)))]
}

function parseItem(entity: SearchEntity, item: string, index: number): Order {
  if (item.length > ORDER_LIMITS.characters) {
    refuseOrder(index, `an item has at most ${ORDER_LIMITS.characters} characters`)
  }
  const { scope, key, way = 'asc' } = ITEM.exec(item.trim())?.groups ?? {}
  if (key === undefined || item.includes('\0')) {
    return refuseOrder(index, `"${item.slice(0, 60)}" is no field with ASC or DESC`)
  }
  const direction = way.toLowerCase()
  if (direction !== 'asc' && direction !== 'desc') return refuseOrder(index, `expected ASC or DESC, not "${way}"`)
  const found = fieldOf(entity, { scope: scope === undefined ? null : bare(scope), key: bare(key) })
  if ('fault' in found) return refuseOrder(index, found.fault)
  if (!orderable(entity, found)) return refuseOrder(index, `${entity.noun} are not ordered by "${item.slice(0, 60)}"`)
  return { field: found.field, descending: direction === 'desc' }
}

function orderable(entity: SearchEntity, { field, attribute }: FoundField): boolean {
  return attribute ? attribute.only !== 'filter' : entity.orders.includes(field.of)
}

function same(order: Order, field: Order['field']): boolean {
  return order.field.of === field.of && order.field.key === field.key
}

function sameDataset(left: Order['dataset'], right: Order['dataset']): boolean {
  return left?.name === right?.name && left?.digest === right?.digest
}

function bare(name: string): string {
  return /^[`"]/.test(name) ? name.slice(1, -1) : name
}

function refuseLength(): never {
  return refuseOrder(ORDER_LIMITS.items, `there are at most ${ORDER_LIMITS.items} items`)
}

function refuseOrder(index: number, message: string): never {
  return refuse('invalid', `order_by, item ${index + 1}: ${message}`, {
    field: 'order_by',
    details: { item: index + 1 },
  })
}

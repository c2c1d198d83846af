import { cn } from '@modelyard/ui'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { BOX, cutTo, type Direction, inTwoLines, type Layout, type PlacedNode } from './layout.ts'
import { pageOf, useNodeWords } from './words.ts'

/** Latin letters that fit a box in bold and in small. */
const ROOM = { name: 15, note: 19 }

/** Up to this width a picture is made a little smaller rather than scrolled: seven ranks fit a small laptop. */
const MAX_SHRUNK = 1_100

type Props = { project: string; focus: string; placed: Layout; direction: Direction; className?: string }

/** Causes before effects; drawn on the server, every box a link. The table below says the same. */
export function LineageGraph({ project, focus, placed, direction, className }: Props) {
  const t = useTranslations('lineage')
  const arrow = `lineage-arrow-${direction}`
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable for the keyboard
    <section tabIndex={0} aria-label={t('picture')} className={cn('overflow-x-auto', className)}>
      {/* biome-ignore lint/a11y/useSemanticElements: a drawing with links in it is a group, and no form's fieldset */}
      <svg
        width={placed.width}
        height={placed.height}
        viewBox={`0 0 ${placed.width} ${placed.height}`}
        className={cn('mx-auto block', placed.width <= MAX_SHRUNK && 'h-auto lg:max-w-full')}
        aria-label={t('pictureOf', { things: placed.nodes.length })}
        role="group"
      >
        <defs>
          <marker id={arrow} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0,0.5 L8,4 L0,7.5 z" className="fill-line-strong" />
          </marker>
        </defs>
        <g aria-hidden fill="none" strokeWidth={1.25} className="stroke-line-strong">
          {placed.edges.map((edge) => (
            <path key={`${edge.from} ${edge.to}`} d={edge.path} markerEnd={`url(#${arrow})`}>
              <title>{t(`relation.${edge.relation}`)}</title>
            </path>
          ))}
        </g>
        {placed.nodes.map((node) => (
          <Box key={node.id} project={project} node={node} isFocus={node.id === focus} />
        ))}
      </svg>
    </section>
  )
}

function Box({ project, node, isFocus }: { project: string; node: PlacedNode; isFocus: boolean }) {
  const words = useNodeWords()
  const href = isFocus ? null : pageOf(project, node)
  const state = words.state(node)
  const name = words.name(node)
  const whole = [words.kind(node), state].filter((part) => part !== null).join(' · ')
  // A state that has no room is in the table; half a word of it would say nothing.
  const note = cutTo(whole, ROOM.note) === whole ? whole : cutTo(words.kind(node), ROOM.note)
  const lines = inTwoLines(name, ROOM.name)
  // One line stands in the middle of the box, two fill it.
  const top = lines.length === 1 ? 27 : 20
  const isCut = lines.join('').endsWith('…')
  const box = (
    <>
      {isCut && <title>{`${whole} ${name}`}</title>}
      <rect
        width={BOX.width}
        height={BOX.height}
        rx={8}
        strokeWidth={isFocus ? 2 : 1}
        className={cn(
          isFocus ? 'fill-accent-soft stroke-accent' : 'fill-surface stroke-line-strong/60',
          href !== null && 'group-hover:fill-raised group-hover:stroke-accent group-focus-visible:fill-raised',
        )}
      />
      <text x={12} y={top} className="fill-ink-3 text-2xs">
        {note}
      </text>{' '}
      <text className={cn('fill-ink font-medium text-xs', node.kind === 'code' && 'font-mono')}>
        {lines.map((line, at) => (
          <tspan key={line} x={12} y={top + 18 + at * 16}>
            {line}{' '}
          </tspan>
        ))}
      </text>
    </>
  )
  return (
    <g transform={`translate(${node.x},${node.y})`}>
      {href === null ? (
        box
      ) : (
        <Link href={href} prefetch={false} className="group">
          {box}
        </Link>
      )}
    </g>
  )
}

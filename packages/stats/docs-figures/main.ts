import { mkdirSync, writeFileSync } from 'node:fs'
import { evidenceFigure, peekingFigure } from './canary.ts'
import { blindFigure, boundsFigure, gapFigure, gateFigure, tiesFigure } from './drift.ts'

/** Draws the figures of docs/statistics.md anew: `node packages/stats/docs-figures/main.ts`. Same numbers on every run. */
const figures = {
  gap: gapFigure,
  gate: gateFigure,
  ties: tiesFigure,
  bounds: boundsFigure,
  evidence: evidenceFigure,
  peeking: peekingFigure,
  blind: blindFigure,
}

const folder = new URL('../../../docs/statistics/', import.meta.url)
mkdirSync(folder, { recursive: true })
for (const [name, figure] of Object.entries(figures)) writeFileSync(new URL(`${name}.svg`, folder), figure())

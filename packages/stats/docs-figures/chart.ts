/** A point in the units of the data. */
export type Point = readonly [number, number]

export type ChartOptions = {
  title: string
  x: { label: string; range: Point; ticks: readonly number[]; format?: (value: number) => string; log?: boolean }
  y: { label: string; range: Point; ticks: readonly number[]; format?: (value: number) => string; log?: boolean }
}

export type Style = { color: string; width?: number; dash?: string; opacity?: number }

const WIDTH = 720
const HEIGHT = 380
const LEFT = 76
const RIGHT = 40
const TOP = 46
const BOTTOM = 58

export const BLUE = '#1d4ed8'
export const RED = '#c2410c'
export const GREEN = '#15803d'
export const GREY = '#6b7280'

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function round(value: number): string {
  return value.toFixed(1)
}

/** A drawing of one pair of axes, built up by calls and written out as SVG text. */
export class Chart {
  readonly #options: ChartOptions
  readonly #parts: string[] = []

  constructor(options: ChartOptions) {
    this.#options = options
  }

  #scale(value: number, axis: ChartOptions['x']): number {
    const [low, high] = axis.range
    return axis.log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low)
  }

  /** Pixel of a point. */
  at([x, y]: Point): Point {
    const { x: xAxis, y: yAxis } = this.#options
    return [
      LEFT + this.#scale(x, xAxis) * (WIDTH - LEFT - RIGHT),
      HEIGHT - BOTTOM - this.#scale(y, yAxis) * (HEIGHT - TOP - BOTTOM),
    ]
  }

  line(points: readonly Point[], { color, width = 2, dash = '', opacity = 1 }: Style): this {
    const path = points.map((point) => this.at(point).map(round).join(',')).join(' ')
    const dashed = dash ? ` stroke-dasharray="${dash}"` : ''
    this.#parts.push(
      `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="${width}" opacity="${opacity}"${dashed}/>`,
    )
    return this
  }

  /** Area between two curves over the same x. */
  band(upper: readonly Point[], lower: readonly Point[], color: string): this {
    const path = [...upper, ...[...lower].reverse()].map((point) => this.at(point).map(round).join(',')).join(' ')
    this.#parts.push(`<polygon points="${path}" fill="${color}" opacity="0.16"/>`)
    return this
  }

  /** A bar from the x axis up; `width` in units of x. */
  bar([x, y]: Point, width: number, color: string): this {
    const [left, top] = this.at([x - width / 2, y])
    const [right, bottom] = this.at([x + width / 2, this.#options.y.range[0]])
    this.#parts.push(
      `<rect x="${round(left)}" y="${round(top)}" width="${round(right - left)}" height="${round(bottom - top)}" fill="${color}"/>`,
    )
    return this
  }

  text(
    point: Point,
    text: string,
    { color, anchor = 'start' }: { color: string; anchor?: 'start' | 'middle' | 'end' },
  ): this {
    const [x, y] = this.at(point)
    this.#parts.push(
      `<text x="${round(x)}" y="${round(y)}" fill="${color}" text-anchor="${anchor}" stroke="#ffffff" stroke-width="4" paint-order="stroke">${escaped(text)}</text>`,
    )
    return this
  }

  #axis(): string {
    const { x, y } = this.#options
    const bottom = HEIGHT - BOTTOM
    const parts: string[] = []
    for (const tick of x.ticks) {
      const [px] = this.at([tick, y.range[0]])
      parts.push(`<line x1="${round(px)}" y1="${bottom}" x2="${round(px)}" y2="${bottom + 5}" stroke="#374151"/>`)
      parts.push(
        `<text x="${round(px)}" y="${bottom + 20}" text-anchor="middle">${escaped(x.format?.(tick) ?? String(tick))}</text>`,
      )
    }
    for (const tick of y.ticks) {
      const [, py] = this.at([x.range[0], tick])
      parts.push(`<line x1="${LEFT}" y1="${round(py)}" x2="${WIDTH - RIGHT}" y2="${round(py)}" stroke="#e5e7eb"/>`)
      parts.push(
        `<text x="${LEFT - 8}" y="${round(py + 4)}" text-anchor="end">${escaped(y.format?.(tick) ?? String(tick))}</text>`,
      )
    }
    parts.push(`<line x1="${LEFT}" y1="${bottom}" x2="${WIDTH - RIGHT}" y2="${bottom}" stroke="#374151"/>`)
    const middleX = (LEFT + WIDTH - RIGHT) / 2
    const middleY = (TOP + bottom) / 2
    parts.push(`<text x="${middleX}" y="${HEIGHT - 14}" text-anchor="middle">${escaped(x.label)}</text>`)
    parts.push(`<text transform="translate(18 ${middleY}) rotate(-90)" text-anchor="middle">${escaped(y.label)}</text>`)
    parts.push(`<text x="${LEFT}" y="24" font-size="16" font-weight="600">${escaped(this.#options.title)}</text>`)
    return parts.join('\n')
  }

  svg(): string {
    const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13" fill="#111827">`
    const ground = `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`
    const clip = `<clipPath id="area"><rect x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - TOP - BOTTOM}"/></clipPath>`
    const drawing = `<g clip-path="url(#area)">\n${this.#parts.join('\n')}\n</g>`
    return `${[open, ground, clip, this.#axis(), drawing, '</svg>'].join('\n')}\n`
  }
}

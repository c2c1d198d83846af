'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { Help } from './help.tsx'
import { PaletteSlot } from './palette-slot.tsx'
import { placesOf } from './places.ts'

/** Two keys in a row belong together for this long. */
const CHORD_MS = 1_200

/**
 * A letter typed into a field, or into an input method, is text and no command. A closed dialog's field keeps the focus for
 * some milliseconds; what nobody can see takes no text.
 */
function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229) return true
  const target = event.target
  if (!(target instanceof HTMLElement) || !target.checkVisibility()) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** Moves through the page's rows by their first link; the browser's focus is the cursor, so Enter opens. */
function moveRow(step: 1 | -1): void {
  const rows = Array.from(document.querySelectorAll<HTMLAnchorElement>('[data-row] a[href]:first-of-type'))
  const firsts = rows.filter((link) => link.closest('[data-row]')?.querySelector('a[href]') === link)
  const focused = firsts.findIndex((link) => link.closest('[data-row]')?.contains(document.activeElement))
  // With the focus elsewhere one goes on from the row that is looked at.
  const at = focused === -1 ? firsts.findIndex((link) => link.closest('[data-row][aria-current]') !== null) : focused
  const next = firsts[Math.min(firsts.length - 1, Math.max(0, at === -1 ? 0 : at + step))]
  next?.focus()
}

type Command = (event: KeyboardEvent) => boolean

/** Elements offer their own key with `data-key`; pressing it presses them. It opens or toggles, it never confirms. */
function pressOffered(event: KeyboardEvent): boolean {
  const name = event.shiftKey && event.key.length === 1 ? `Shift+${event.key.toUpperCase()}` : event.key
  const element = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(name)}"]`)
  element?.click()
  return element !== null
}

function focusFilter(): void {
  document.querySelector<HTMLInputElement>('[data-filter]')?.focus()
}

/** The keyboard of the console: see `Help` for the list. */
export function Keys({ project }: { project: string }) {
  const router = useRouter()
  const [help, setHelp] = useState(false)
  const [palette, setPalette] = useState(false)
  useEffect(() => {
    // Not 0: that is when the page began, and its first second is no chord.
    let chordAt = Number.NEGATIVE_INFINITY
    const jump: Command = (event) => {
      if (performance.now() - chordAt > CHORD_MS) return false
      chordAt = Number.NEGATIVE_INFINITY
      const place = placesOf(project).find((item) => item.jump === event.key)
      if (place !== undefined) router.push(place.href)
      return place !== undefined
    }
    const single: Record<string, () => void> = {
      g: () => {
        chordAt = performance.now()
      },
      '?': () => setHelp(true),
      '/': focusFilter,
      j: () => moveRow(1),
      k: () => moveRow(-1),
      r: () => router.refresh(),
    }
    const pressSingle: Command = (event) => {
      single[event.key]?.()
      return event.key in single
    }
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        setPalette(true)
        return
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return
      if (document.querySelector('dialog[open]') !== null) return
      if (jump(event) || pressSingle(event) || pressOffered(event)) event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [project, router])
  return (
    <>
      <Help open={help} onClose={() => setHelp(false)} />
      <PaletteSlot project={project} open={palette} onOpen={setPalette} />
    </>
  )
}

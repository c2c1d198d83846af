'use client'
import { X } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { cn } from './cn.ts'
import { type Tone, toneBorder } from './tone.ts'

type Toast = { id: number; text: string; tone: Tone }

// A module-level list, so that any component can speak without a provider. Own code instead of a library,
// because the libraries insert style elements, which the content security policy refuses.
let toasts: Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

function publish(next: Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

/** Says something that happened. Never the only carrier of a failure: the place it happened in says it too. */
export function toast(text: string, tone: Tone = 'ok'): void {
  publish([...toasts.slice(-3), { id: nextId++, text, tone }])
}

function dismiss(id: number): void {
  publish(toasts.filter((item) => item.id !== id))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const none: Toast[] = []

/** Where toasts appear; mounted once in the shell. */
export function Toaster({ label, dismissLabel }: { label: string; dismissLabel: string }) {
  const shown = useSyncExternalStore(
    subscribe,
    () => toasts,
    () => none,
  )
  return (
    <section
      aria-label={label}
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2 max-md:bottom-20"
    >
      {shown.map((item) => (
        <ToastCard key={item.id} item={item} dismissLabel={dismissLabel} />
      ))}
    </section>
  )
}

function ToastCard({ item, dismissLabel }: { item: Toast; dismissLabel: string }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(item.id), item.tone === 'crit' ? 12_000 : 6_000)
    return () => clearTimeout(timer)
  }, [item])
  return (
    <div
      className={cn(
        'pointer-events-auto flex items-start gap-3 rounded-lg border bg-surface px-3 py-2.5 text-sm shadow-lg',
        toneBorder[item.tone],
      )}
    >
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{item.text}</span>
      <button
        type="button"
        aria-label={dismissLabel}
        className="rounded p-1 text-ink-3 hover:bg-raised hover:text-ink"
        onClick={() => dismiss(item.id)}
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </div>
  )
}

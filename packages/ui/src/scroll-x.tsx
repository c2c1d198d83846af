'use client'
import { type ReactNode, useEffect, useRef, useState } from 'react'

/** Wide content scrolls inside; while it does, it can be reached and moved with the keyboard, and says what it is. */
export function ScrollX({ label, className, children }: { label: string; className: string; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const [scrolls, setScrolls] = useState(false)
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new ResizeObserver(() => setScrolls(element.scrollWidth > element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const reachable = scrolls ? { tabIndex: 0, role: 'region', 'aria-label': label } : {}
  return (
    <div ref={box} className={className} {...reachable}>
      {children}
    </div>
  )
}

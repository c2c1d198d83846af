'use client'
import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

/** A button's menu. Not modal: the modal variant inserts a style element, which the content security policy refuses. */
export function Menu({
  trigger,
  children,
  align = 'end',
}: {
  trigger: ReactNode
  children: ReactNode
  align?: 'start' | 'end'
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-40 max-h-[70vh] min-w-52 overflow-y-auto rounded-lg border border-line bg-surface p-1 text-sm shadow-xl"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

const itemClass =
  'flex min-h-8 cursor-pointer select-none items-center gap-2 rounded-md px-2 text-ink outline-none data-[highlighted]:bg-raised max-md:min-h-11 [&_svg]:size-3.5 [&_svg]:text-ink-3'

export function MenuItem({
  children,
  onSelect,
  asChild = false,
  className,
}: {
  children: ReactNode
  onSelect?: () => void
  asChild?: boolean
  className?: string
}) {
  return (
    <DropdownMenu.Item asChild={asChild} onSelect={onSelect} className={cn(itemClass, className)}>
      {children}
    </DropdownMenu.Item>
  )
}

/** A choice of one; the chosen one is marked for eyes and readers. */
export function MenuChoice({
  label,
  value,
  options,
  onChange,
}: {
  label: string
  value: string
  options: { value: string; label: string }[]
  onChange: (value: string) => void
}) {
  return (
    <DropdownMenu.Group>
      <DropdownMenu.Label className="px-2 pt-2 pb-1 text-ink-3 text-xs">{label}</DropdownMenu.Label>
      <DropdownMenu.RadioGroup value={value} onValueChange={onChange}>
        {options.map((option) => (
          <DropdownMenu.RadioItem key={option.value} value={option.value} className={cn(itemClass, 'justify-between')}>
            {option.label}
            <DropdownMenu.ItemIndicator className="text-accent">✓</DropdownMenu.ItemIndicator>
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
    </DropdownMenu.Group>
  )
}

export function MenuLine() {
  return <DropdownMenu.Separator className="my-1 h-px bg-line" />
}

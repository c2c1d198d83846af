import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react'
import { cn } from './cn.ts'

export const inputClass =
  'block w-full min-h-8 rounded-md border border-line-strong/70 bg-surface px-2.5 text-ink text-sm placeholder:text-ink-3 disabled:opacity-60 max-md:min-h-11'

/** Label, control, hint and error bound together by ids. */
export function Field({
  id,
  label,
  hint,
  error,
  children,
}: {
  id: string
  label: string
  hint?: string
  error?: string
  children: ReactNode
}) {
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium text-ink text-xs">
        {label}
      </label>
      {children}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1 text-ink-3 text-xs">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className="mt-1 text-crit text-xs">
          {error}
        </p>
      )}
    </div>
  )
}

export function TextInput({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input className={cn(inputClass, className)} {...rest} />
}

/** Several lines; as tall as its `rows`, and no narrower than its place. */
export function TextArea({ className, rows = 6, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea rows={rows} className={cn(inputClass, 'resize-y py-1.5 leading-5', className)} {...rest} />
}

/** The platform's own select: right on every phone, for every reader, and no script. */
export function Select({ className, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return <select className={cn(inputClass, 'pr-8', className)} {...rest} />
}

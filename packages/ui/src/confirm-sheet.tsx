'use client'
import { type ReactNode, type RefObject, useEffect, useId, useRef, useState } from 'react'
import { Button, type ButtonLook } from './button.tsx'
import { cn } from './cn.ts'

/** Enter or a tap that opened the sheet must not also confirm it. */
const ARM_MS = 300

export type ConfirmSheetProps = {
  open: boolean
  onClose: () => void
  /** Resolves when the server has answered; a rejection's message is shown in the sheet, which stays open. */
  onConfirm: () => Promise<void>
  title: string
  /** Names the object and the effect. */
  children: ReactNode
  confirmLabel: string
  cancelLabel: string
  busyLabel: string
  tone?: 'danger' | 'primary'
  /** Rollback starts on Confirm; whatever destroys starts on Cancel. */
  focus?: 'confirm' | 'cancel'
  /** Set false while the form inside is incomplete. */
  ready?: boolean
}

function useModal(open: boolean, dialog: RefObject<HTMLDialogElement | null>): void {
  useEffect(() => {
    const element = dialog.current
    if (element === null) return
    if (open && !element.open) {
      element.showModal()
      // A form begins at its first field, which the browser finds by itself; a question begins at its safer answer.
      if (element.querySelector('input, select, textarea') === null)
        element.querySelector<HTMLElement>('[data-start]')?.focus()
    }
    if (!open && element.open) element.close()
  }, [open, dialog])
}

/** True a moment after opening, so that a held key cannot confirm. */
function useArmed(open: boolean): boolean {
  const [armed, setArmed] = useState(false)
  useEffect(() => {
    setArmed(false)
    if (!open) return
    const timer = setTimeout(() => setArmed(true), ARM_MS)
    return () => clearTimeout(timer)
  }, [open])
  return armed
}

/** The one confirmation of the console: the browser's modal dialog (focus kept and given back by it), a bottom sheet on a phone. */
export function ConfirmSheet(props: ConfirmSheetProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  const armed = useArmed(props.open)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  useModal(props.open, dialog)
  const confirm = async () => {
    setBusy(true)
    setFailure(null)
    try {
      await props.onConfirm()
      props.onClose()
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <dialog ref={dialog} aria-labelledby={titleId} onClose={props.onClose} className={sheetClass}>
      {props.open && (
        <div className="p-5">
          <h2 id={titleId} className="font-semibold text-base text-ink">
            {props.title}
          </h2>
          <div className="mt-2 text-ink-2 text-sm">{props.children}</div>
          {failure !== null && (
            <p
              role="alert"
              className="mt-3 rounded-md bg-crit-soft px-3 py-2 text-crit text-sm [overflow-wrap:anywhere]"
            >
              {failure}
            </p>
          )}
          <Choice {...props} busy={busy} armed={armed} onPress={confirm} />
        </div>
      )}
    </dialog>
  )
}

type ChoiceProps = ConfirmSheetProps & { busy: boolean; armed: boolean; onPress: () => Promise<void> }

function Choice({ busy, armed, onPress, ...props }: ChoiceProps) {
  const look: ButtonLook['variant'] = props.tone === 'primary' ? 'primary' : 'danger'
  return (
    <div className="mt-5 flex flex-wrap justify-end gap-2 max-md:flex-col-reverse">
      <Button onClick={props.onClose} disabled={busy} data-start={props.focus === 'confirm' ? undefined : ''}>
        {props.cancelLabel}
      </Button>
      <Button
        variant={look}
        disabled={busy || props.ready === false}
        data-start={props.focus === 'confirm' ? '' : undefined}
        // Not `disabled` while unarmed: a disabled button could not be where the sheet starts. Said all the same.
        aria-disabled={armed ? undefined : true}
        onClick={() => (armed ? onPress() : undefined)}
      >
        {busy ? props.busyLabel : props.confirmLabel}
      </Button>
    </div>
  )
}

export const sheetClass = cn(
  'm-auto w-[min(30rem,calc(100vw-2rem))] rounded-xl border border-line bg-surface p-0 text-ink shadow-2xl backdrop:bg-black/45',
  'max-md:mx-0 max-md:mt-auto max-md:mb-0 max-md:w-full max-md:max-w-none max-md:rounded-b-none max-md:pb-[env(safe-area-inset-bottom)]',
)

'use client'
import { toast } from '@modelyard/ui/toast'
import { useRouter } from 'next/navigation'
import { useCallback, useState } from 'react'
import { useRefusal } from '../format/use-refusal.ts'
import { mintKey } from './client.ts'

/**
 * One mutation behind one sheet: the key is minted when the sheet opens, so that a second press of Confirm is the same
 * effect, and a new opening is a new one. After success the page is read again; nothing is shown before the server said it.
 */
export function useAct(act: (idempotencyKey: string) => Promise<string>) {
  const router = useRouter()
  const say = useRefusal()
  const [key, setKey] = useState<string | null>(null)
  const open = useCallback(() => setKey(mintKey()), [])
  const close = useCallback(() => setKey(null), [])
  const confirm = async () => {
    if (key === null) return
    const done = await act(key).catch((error: unknown) => {
      throw new Error(say(error), { cause: error })
    })
    toast(done)
    router.refresh()
  }
  return { isOpen: key !== null, open, close, confirm }
}

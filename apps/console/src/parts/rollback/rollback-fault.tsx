import { ErrorCard } from '@modelyard/ui/states'
import { getTranslations } from 'next-intl/server'
import { readFlash } from '../../server/flash.ts'

const faults = ['forbidden', 'changed', 'fault'] as const

/** Why the last press changed nothing: the refusal's own sentence when there is one, never text from the address. */
export async function RollbackFault({ fault }: { fault: string | undefined }) {
  const known = faults.find((item) => item === fault)
  if (known === undefined) return null
  const [t, why] = await Promise.all([getTranslations('rollback'), readFlash()])
  return (
    <div className="mb-4">
      <ErrorCard
        title={t(`fault.${known}.title`)}
        body={t(`fault.${known}.body`)}
        reference={known === 'fault' ? undefined : (why ?? undefined)}
      />
    </div>
  )
}

import { ErrorCard } from '@modelyard/ui/states'
import { useTranslations } from 'next-intl'

const faults = ['forbidden', 'changed', 'fault'] as const

/** Why the last press changed nothing; a word of ours, never text from the address. */
export function RollbackFault({ fault }: { fault: string | undefined }) {
  const t = useTranslations('rollback')
  const known = faults.find((item) => item === fault)
  if (known === undefined) return null
  return (
    <div className="mb-4">
      <ErrorCard title={t(`fault.${known}.title`)} body={t(`fault.${known}.body`)} />
    </div>
  )
}

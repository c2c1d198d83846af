'use client'
import { Field, TextInput } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'

/** What cannot be taken back is confirmed by writing its name, to the letter. */
export function NameToConfirm({
  name,
  value,
  onChange,
}: {
  name: string
  value: string
  onChange: (value: string) => void
}) {
  const t = useTranslations('client.model')
  return (
    <Field id="name-to-confirm" label={t('confirmName', { name })}>
      <TextInput
        id="name-to-confirm"
        value={value}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}

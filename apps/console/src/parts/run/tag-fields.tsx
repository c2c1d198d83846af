'use client'
import { Field, TextInput } from '@modelyard/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'

/** The fields of a tag that is put on one run or on many; `ready` once it has a key. */
export function useTagFields() {
  const t = useTranslations('client.run')
  const [key, setKey] = useState('')
  const [value, setValue] = useState('')
  const fields = (
    <div className="flex flex-col gap-3">
      <Field id="tag-key" label={t('tagKey')} hint={t('tagHint')}>
        <TextInput id="tag-key" value={key} maxLength={250} onChange={(event) => setKey(event.target.value)} />
      </Field>
      <Field id="tag-value" label={t('tagValue')}>
        <TextInput id="tag-value" value={value} maxLength={8_000} onChange={(event) => setValue(event.target.value)} />
      </Field>
    </div>
  )
  return { tag: { key, value }, ready: key !== '', fields }
}

'use client'
import { Command } from 'cmdk'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { type Locale, themes } from '../i18n/locale.ts'
import { links } from '../links.ts'
import { api } from '../live/client.ts'
import { placesOf } from './places.ts'
import { applyTheme, remember } from './preferences.ts'

type Found = {
  key: string
  group: 'endpoints' | 'models' | 'datasets' | 'runs'
  label: string
  note: string
  href: string
}

/** Prefixed ids are addresses: pasting one goes to its page. */
const anyId = /^(?:ds|dsv|run|job|mdl|mv|ep|var|ro|drf|alt|rnr)_[0-9a-z]{26}$/

async function find(project: string): Promise<Found[]> {
  const [endpoints, models, datasets, runs] = await Promise.all([
    api.endpoints.list.query({ project }),
    api.models.list.query({ project }),
    api.datasets.list.query({ project }),
    api.runs.list.query({ project, limit: 100 }),
  ])
  return [
    ...endpoints.map(
      (item): Found => ({
        key: item.id,
        group: 'endpoints',
        label: item.name,
        note: item.health,
        href: links.endpoint(project, item.name),
      }),
    ),
    ...models.flatMap((item): Found[] =>
      item.latest === null
        ? []
        : [
            {
              key: item.id,
              group: 'models',
              label: item.name,
              note: `v${item.latest.version}`,
              href: links.model(project, item.name, item.latest.version),
            },
          ],
    ),
    ...datasets.map(
      (item): Found => ({
        key: item.id,
        group: 'datasets',
        label: item.name,
        note: `v${item.latest.version}`,
        href: links.dataset(project, item.name, item.latest.version),
      }),
    ),
    ...runs.items.map(
      (item): Found => ({
        key: item.id,
        group: 'runs',
        label: item.name,
        note: item.id,
        href: links.run(project, item.id),
      }),
    ),
  ]
}

/** Goes anywhere by name or id, and switches theme and language. Nothing here changes the product's state. */
export default function Palette({ project, open, onClose }: { project: string; open: boolean; onClose: () => void }) {
  const t = useTranslations('shell')
  const router = useRouter()
  const dialog = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState('')
  const [found, setFound] = useState<Found[]>([])
  useEffect(() => {
    if (!open) return dialog.current?.close()
    setText('')
    dialog.current?.showModal()
    dialog.current?.querySelector('input')?.focus()
    find(project).then(setFound, () => setFound([]))
  }, [open, project])
  const run = (act: () => void) => () => {
    onClose()
    act()
  }
  const go = (href: string) => run(() => router.push(href))
  const id = text.trim()
  return (
    <dialog
      ref={dialog}
      onClose={onClose}
      aria-label={t('search')}
      className="mx-auto mt-[12vh] w-[min(36rem,calc(100vw-1.5rem))] overflow-hidden rounded-xl border border-line bg-surface p-0 text-ink shadow-2xl backdrop:bg-black/40"
    >
      {open && (
        <Command label={t('search')} loop>
          <Command.Input
            value={text}
            onValueChange={setText}
            placeholder={t('palette.placeholder')}
            className="w-full border-line border-b bg-transparent px-4 py-3 text-base outline-none placeholder:text-ink-3"
          />
          <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
            <Command.Empty className="px-3 py-6 text-center text-ink-3 text-sm">{t('palette.nothing')}</Command.Empty>
            {anyId.test(id) && (
              <Group heading={t('palette.byId')}>
                <Item value={id} onSelect={go(links.go(project, id))} label={id} />
              </Group>
            )}
            <Group heading={t('palette.goTo')}>
              {placesOf(project).map((place) => (
                <Item
                  key={place.key}
                  value={`go ${t(`place.${place.key}`)}`}
                  onSelect={go(place.href)}
                  label={t(`place.${place.key}`)}
                  note={`g ${place.jump}`}
                />
              ))}
            </Group>
            <FoundGroups found={found} go={go} />
            <Preferences run={run} />
          </Command.List>
        </Command>
      )}
    </dialog>
  )
}

function FoundGroups({ found, go }: { found: Found[]; go: (href: string) => () => void }) {
  const t = useTranslations('shell')
  return (['endpoints', 'models', 'datasets', 'runs'] as const).map((group) => {
    const items = found.filter((item) => item.group === group)
    return (
      items.length > 0 && (
        <Group key={group} heading={t(`place.${group}`)}>
          {items.map((item) => (
            <Item
              key={item.key}
              value={`${item.label} ${item.key}`}
              onSelect={go(item.href)}
              label={item.label}
              note={item.note}
            />
          ))}
        </Group>
      )
    )
  })
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-ink-3 [&_[cmdk-group-heading]]:text-xs"
    >
      {children}
    </Command.Group>
  )
}

function Item({ value, label, note, onSelect }: { value: string; label: string; note?: string; onSelect: () => void }) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-9 cursor-pointer items-center justify-between gap-4 rounded-md px-2 text-sm data-[selected=true]:bg-raised"
    >
      <span className="truncate">{label}</span>
      {note !== undefined && <span className="mono truncate text-ink-3 text-xs">{note}</span>}
    </Command.Item>
  )
}

function Preferences({ run }: { run: (act: () => void) => () => void }) {
  const t = useTranslations('shell')
  const router = useRouter()
  const speak = (locale: Locale) =>
    run(() => {
      remember('locale', locale)
      router.refresh()
    })
  return (
    <Group heading={t('palette.preferences')}>
      {themes.map((theme) => (
        <Item
          key={theme}
          value={`theme ${theme} ${t(`theme.${theme}`)}`}
          onSelect={run(() => applyTheme(theme))}
          label={`${t('theme.label')}: ${t(`theme.${theme}`)}`}
        />
      ))}
      <Item value="language english 英文" onSelect={speak('en')} label="English" />
      <Item value="language chinese 中文" onSelect={speak('zh-CN')} label="简体中文" />
    </Group>
  )
}

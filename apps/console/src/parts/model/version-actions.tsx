'use client'
import type { ModelVersion } from '@modelyard/contracts'
import { Button } from '@modelyard/ui/button'
import { Menu, MenuItem, MenuLine } from '@modelyard/ui/menu'
import { ChevronDown } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { links } from '../../links.ts'
import { api } from '../../live/client.ts'
import { useAct } from '../../live/use-act.ts'
import { DeleteSheet } from './delete-sheet.tsx'
import { useDescribe } from './describe-sheet.tsx'

type Props = {
  project: string
  version: Pick<ModelVersion, 'model' | 'version' | 'description' | 'stage' | 'format' | 'liveOn'>
  mayWrite: boolean
  mayDelete: boolean
}

/** What can be done with a version besides deciding on it. */
export function VersionActions({ project, version, mayWrite, mayDelete }: Props) {
  const t = useTranslations('client.model')
  const router = useRouter()
  const { model, version: number } = version
  const name = `${model} v${number}`
  const describe = useDescribe({
    title: t('describeTitle', { name }),
    description: version.description,
    save: (description, idempotencyKey) =>
      api.models.updateVersion.mutate({ project, model, version: number, description, idempotencyKey }),
  })
  const remove = useAct(async (idempotencyKey) => {
    await api.models.deleteVersion.mutate({ project, model, version: number, idempotencyKey })
    router.push(links.modelPage(project, model))
    return t('deleted', { name })
  })
  const mayServe = version.stage === 'approved' && version.format === 'onnx'
  if (!mayWrite && !mayDelete && !mayServe) return null
  return (
    <>
      <Menu
        trigger={
          <Button>
            {t('actions')}
            <ChevronDown aria-hidden />
          </Button>
        }
      >
        {mayServe && <MenuItem onSelect={() => router.push(links.endpoints(project))}>{t('deploy')}</MenuItem>}
        {mayWrite && <MenuItem onSelect={describe.open}>{t('describe')}</MenuItem>}
        {mayDelete && (
          <>
            <MenuLine />
            <MenuItem onSelect={remove.open} className="text-crit">
              {t('deleteVersion')}
            </MenuItem>
          </>
        )}
      </Menu>
      {describe.sheet}
      <DeleteSheet
        project={project}
        name={name}
        title={t('deleteTitle', { name })}
        body={t('deleteVersionBody')}
        dependents={version.liveOn}
        act={remove}
      />
    </>
  )
}

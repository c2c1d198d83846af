import { Tag } from '@modelyard/ui/status-pill'

/** Aliases as MLflow's clients write them, `models:/name@alias`. */
export function Aliases({ names }: { names: string[] }) {
  if (names.length === 0) return null
  return (
    <span className="inline-flex min-w-0 flex-wrap gap-1 align-middle [overflow-wrap:anywhere]">
      {names.map((name) => (
        <Tag key={name} mono tone="active">
          <span className="max-w-44 truncate" title={name}>
            @{name}
          </span>
        </Tag>
      ))}
    </span>
  )
}

import { Skeleton } from '@modelyard/ui/states'

/** Blocks of the size of what comes, so that nothing jumps. */
export default function Loading() {
  return (
    <div aria-busy="true" className="flex flex-col gap-4">
      <Skeleton className="h-7 w-56" />
      <Skeleton className="h-28 w-full" />
      <Skeleton className="h-72 w-full" />
    </div>
  )
}

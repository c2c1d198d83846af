import type { JobRow } from '@modelyard/db'
import type { WaitReason } from '@modelyard/domain'

/** The planner's reason as it is stored and shown. The text of an unchanged reason stays the same from round to round. */
export function whyOf(job: JobRow, reason: WaitReason): NonNullable<JobRow['whyWaiting']> {
  if (reason.code !== 'not_yet') return reason
  const at = job.availableAt
  return {
    code: reason.code,
    message: `waits until ${at.toISOString().slice(11, 19)} UTC before its next try`,
    numbers: { availableAtMs: at.getTime() },
  }
}

import { requireThat } from '../sample.ts'
import { logMeanExp } from './evidence.ts'
import { oddsRatioLogEvidence, type Stratum } from './odds-ratio.ts'

/** What a canary process is asked. All plain data: the state can be kept as JSON. */
export type CanaryHypothesis = {
  /** The odds ratio (canary's odds of a bad unit over control's) up to which the null hypothesis extends. */
  psi0: number
  /** Alternatives, all on one side of psi0: above it to prove "worse", below it to prove "not worse". */
  alternatives: readonly number[]
  /** Mixture over start times, for faults that begin late; absent = one start. */
  restart?: { starts: number; every: number }
}

/** Rollback: is the canary worse than 1.25 times the control's odds? (margin 1: any worsening counts). */
export const ROLLBACK_HYPOTHESIS: CanaryHypothesis = {
  psi0: 1.25,
  alternatives: [1.5, 2, 3, 5, 8, 15],
  restart: { starts: 30, every: 60 },
}

/** Promotion: can an odds ratio of 2 or more be ruled out? */
export const PROMOTION_HYPOTHESIS: CanaryHypothesis = { psi0: 2, alternatives: [0.5, 0.75, 1, 1.25] }

export type CanaryProcess = {
  hypothesis: CanaryHypothesis
  /** Strata taken in so far. */
  strata: number
  /** Per alternative: sum of log likelihood ratios since the beginning. */
  cumulative: readonly number[]
  /** The same sums at the moment each start was opened; the first is all zeros. */
  opened: readonly (readonly number[])[]
  /** ln of the evidence now, and its largest value ever. */
  logE: number
  maxLogE: number
}

/** A process that has seen nothing: e-value 1. */
export function startCanaryProcess(hypothesis: CanaryHypothesis): CanaryProcess {
  const { psi0, alternatives, restart } = hypothesis
  requireThat(psi0 > 0 && alternatives.length > 0, 'psi0 must be positive and there must be an alternative')
  const above = alternatives.every((psi) => psi > psi0)
  const below = alternatives.every((psi) => psi > 0 && psi < psi0)
  requireThat(above || below, 'alternatives must all lie on one side of psi0')
  if (restart) {
    const whole = Number.isInteger(restart.starts) && restart.starts >= 1
    requireThat(whole && restart.every > 0, 'restart needs starts >= 1 and every > 0')
  }
  const zeros = alternatives.map(() => 0)
  return { hypothesis, strata: 0, cumulative: zeros, opened: [zeros], logE: 0, maxLogE: 0 }
}

function openDueStarts(process: CanaryProcess, position: number): readonly (readonly number[])[] {
  const { restart } = process.hypothesis
  if (!restart) return process.opened
  const due = Math.min(restart.starts, 1 + Math.floor(position / restart.every))
  const opened = [...process.opened]
  while (opened.length < due) opened.push(process.cumulative)
  return opened
}

function mixture(cumulative: readonly number[], opened: readonly (readonly number[])[], starts: number): number {
  const perStart = opened.map((at) => logMeanExp(cumulative.map((sum, j) => sum - (at[j] as number))))
  while (perStart.length < starts) perStart.push(0)
  return logMeanExp(perStart)
}

/**
 * Takes in one stratum and returns the process after it. `position` (default: the number of strata seen before) says
 * which starts of the restart mixture are open, in the units of `restart.every`; it must not look into the stratum.
 *
 * M = mean over starts of mean over alternatives of prod_i L_i(psi_j)/L_i(psi0) is a nonnegative supermartingale of
 * mean at most 1 under the null, for any base rates, any traffic share and any peeking, so P(ever M >= 1/alpha) <= alpha
 * (Ville 1939; Turner, Ly & Gruenwald 2022, arXiv:2106.02693; restart mixture: Shin, Ramdas & Rinaldo 2022).
 */
export function observeStratum(process: CanaryProcess, stratum: Stratum, position = process.strata): CanaryProcess {
  const { hypothesis } = process
  const opened = openDueStarts(process, position)
  const cumulative = process.cumulative.map((sum, j) => {
    return sum + oddsRatioLogEvidence(stratum, { psi: hypothesis.alternatives[j] as number, psi0: hypothesis.psi0 })
  })
  const logE = mixture(cumulative, opened, hypothesis.restart?.starts ?? 1)
  const maxLogE = Math.max(process.maxLogE, logE)
  return { hypothesis, strata: process.strata + 1, cumulative, opened, logE, maxLogE }
}

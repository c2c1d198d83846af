import { describe, expect, it } from 'vitest'
import * as stats from './index.ts'
import {
  buildInput,
  type Comparison,
  type GoldenNumber,
  golden,
  goldenTable,
  goldenTableNames,
  type InputSpec,
  misses,
  type Tolerance,
} from './testing/golden.ts'

type Pair = [actual: number, expected: GoldenNumber]

const seen = new Set(['ks', 'kstwo_sf', 'kstwo_isf', 'kolmogorov_sf', 'smirnov_sf', 'norm_cdf', 'norm_ppf', 'chi2_sf'])
for (const name of ['t_sf', 'beta_cdf', 'beta_ppf']) seen.add(name)

/** Compares all rows of a table. */
function check<Row>(table: string, within: Tolerance, compare: (row: Row) => Pair[]): void {
  seen.add(table)
  const comparisons: Comparison[] = goldenTable<Row>(table).flatMap((row) => {
    return compare(row).map(([actual, expected], k) => {
      return { what: `${table}[${k}] ${JSON.stringify(row).slice(0, 200)}`, actual, expected: golden(expected), within }
    })
  })
  expect(misses(comparisons)).toEqual([])
}

const TIGHT = { relative: 1e-12, absolute: 1e-15 }
const LOG_E = { relative: 0, absolute: 1e-12 }

describe('golden tests of proportions and tables', () => {
  it('binomial test and intervals', () => {
    type Row = { k: number; n: number; p0: number; alternative: stats.Alternative; p: number } & {
      [interval in 'ci_exact' | 'ci_wilson' | 'ci_wilsoncc']?: [number, number]
    }
    const pairs = (interval: stats.Interval, expected?: [number, number]): Pair[] => {
      return expected
        ? [
            [interval.low, expected[0]],
            [interval.high, expected[1]],
          ]
        : []
    }
    check<Row>('binomtest', { relative: 1e-12, absolute: 1e-15 }, (row) => {
      const proportion = { successes: row.k, total: row.n }
      return [
        [stats.binomialTest(proportion, row.p0, row.alternative), row.p],
        ...pairs(stats.wilsonInterval(proportion), row.ci_wilson),
        ...pairs(stats.wilsonInterval(proportion, 0.95, true), row.ci_wilsoncc),
      ]
    })
    // scipy finds the Clopper-Pearson limits with a root finder of tolerance 2e-12.
    check<Row>('binomtest', { relative: 1e-12, absolute: 5e-12 }, (row) => {
      return pairs(stats.clopperPearsonInterval({ successes: row.k, total: row.n }), row.ci_exact)
    })
  })

  it('contingency tables', () => {
    type Row = { table: number[][]; yates: boolean; stat: number; dof: number; p: number; g_stat: number; g_p: number }
    check<Row>('chi2_contingency', TIGHT, ({ table, yates, stat, dof, p, g_stat, g_p }) => {
      const pearson = stats.chiSquareContingency(table, { yates })
      const g = stats.chiSquareContingency(table, { yates, statistic: 'g' })
      return [
        [pearson.statistic, stat],
        [pearson.degreesOfFreedom, dof],
        [pearson.pValue, p],
        [g.statistic, g_stat],
        [g.pValue, g_p],
      ]
    })
    check<{ table: stats.TwoByTwo; alternative: stats.Alternative; p: number }>('fisher_exact', TIGHT, (row) => {
      return [[stats.fisherExact(row.table, row.alternative), row.p]]
    })
    check<{ observed: number[]; weights: number[]; stat: number; p: number }>('chisquare_srm', TIGHT, (row) => {
      const result = stats.chiSquareGoodnessOfFit(row.observed, row.weights)
      return [
        [result.statistic, row.stat],
        [result.pValue, row.p],
      ]
    })
  })

  it('corrections for many tests', () => {
    check<{ p: number[]; bh: number[]; by: number[] }>('fdr', TIGHT, ({ p, bh, by }) => {
      const adjusted = { bh: stats.benjaminiHochberg(p), by: stats.benjaminiYekutieli(p) }
      return p.flatMap((_, i): Pair[] => [
        [adjusted.bh[i] as number, bh[i] as number],
        [adjusted.by[i] as number, by[i] as number],
      ])
    })
    check<{ p: number[]; holm: number[] }>('holm', TIGHT, ({ p, holm }) => {
      const adjusted = stats.holm(p)
      return p.map((_, i): Pair => [adjusted[i] as number, holm[i] as number])
    })
  })
})

describe('golden two-sample tests', () => {
  it('Mann-Whitney', () => {
    type Row = { x: InputSpec; y: InputSpec; U: number; p: GoldenNumber } & stats.MannWhitneyOptions
    check<Row>('mannwhitneyu', TIGHT, ({ x, y, U, p, ...options }) => {
      const result = stats.mannWhitneyTest(buildInput(x), buildInput(y), options)
      return [
        [result.statistic, U],
        [result.pValue, p],
      ]
    })
  })

  it('Cramer-von Mises', () => {
    type Row = { x: InputSpec; y: InputSpec; T: number; p: number } & stats.CramerVonMisesOptions
    check<Row>('cramervonmises_2samp', TIGHT, ({ x, y, T, p, method }) => {
      const result = stats.cramerVonMisesTest(buildInput(x), buildInput(y), { method })
      return [
        [result.statistic, T],
        [result.pValue, p],
      ]
    })
  })

  it('distances', () => {
    type Row = {
      x: InputSpec
      y: InputSpec
      w1: GoldenNumber
      w1_over_std_ref_ddof0: GoldenNumber
      energy: GoldenNumber
    }
    check<Row>('wasserstein_energy', TIGHT, (row) => {
      const x = buildInput(row.x)
      const y = buildInput(row.y)
      const normalized = stats.normalizedWasserstein(x, y)
      return [
        [stats.wassersteinDistance(x, y), row.w1],
        [normalized, row.w1_over_std_ref_ddof0],
        [stats.energyDistance(x, y), row.energy],
      ]
    })
    type Weighted = { u: number[]; v: number[]; uw: number[]; vw: number[]; w1: number }
    check<Weighted>('wasserstein_weighted', TIGHT, ({ u, v, uw, vw, w1 }) => {
      return [[stats.weightedWassersteinDistance({ values: u, weights: uw }, { values: v, weights: vw }), w1]]
    })
    type Divergence = { p: number[]; q: number[] } & Record<string, number>
    check<Divergence>('divergences', TIGHT, ({ p, q, ...row }) => [
      [stats.jensenShannonDistance(p, q), row.js_distance_base2 as number],
      [stats.jensenShannonDistance(p, q, Math.E), row.js_distance_nat as number],
      [stats.hellingerDistance(p, q), row.hellinger as number],
      [stats.lInfinityDistance(p, q), row.l_inf as number],
      [stats.totalVariationDistance(p, q), row.tvd as number],
      [stats.populationStabilityIndex(p, q), row['psi_eps1e-4'] as number],
    ])
  })
})

describe('golden sequential evidence', () => {
  it('stratified 2 x 2', () => {
    type Row = {
      n_canary: number
      n_control: number
      bad_canary: number
      bad_control: number
      psi: number
      psi0: number
      logE: string
    }
    check<Row>('stratified_2x2_logE', LOG_E, (row) => {
      const units = { canaryUnits: row.n_canary, controlUnits: row.n_control }
      return [
        [
          stats.oddsRatioLogEvidence({ ...units, canaryBad: row.bad_canary, controlBad: row.bad_control }, row),
          row.logE,
        ],
      ]
    })
  })

  it('beta-binomial and normal mixtures', () => {
    type Row = {
      k: number
      n: number
      theta0: number
      a: number
      b: number
      logE_two_sided: string
      logE_greater: string
    }
    check<Row>('beta_binomial_logE', LOG_E, ({ k, n, theta0, a, b, logE_two_sided, logE_greater }) => {
      const evidence = { bad: k, total: n, theta0, prior: { a, b } }
      return [
        [stats.betaBinomialLogEvidence(evidence), logE_two_sided],
        [stats.betaBinomialLogEvidence(evidence, 'greater'), logE_greater],
      ]
    })
    check<stats.NormalEvidence & { logE: string }>('normal_mixture_logE', LOG_E, (row) => {
      return [[stats.normalMixtureLogEvidence(row), row.logE]]
    })
    type Width = { se: number; n: number; n_star: number; alpha: number; two_sided: number }
    check<Width>('asymptotic_cs_halfwidth', TIGHT, ({ se, n, n_star, alpha, two_sided }) => {
      return [[stats.confidenceSequenceHalfWidth({ standardError: se, n, tightestAt: n_star, alpha }), two_sided]]
    })
  })
})

describe('golden model quality and planning', () => {
  it('curves and scores', () => {
    type Row = { y: number[]; s: number[]; auc: number; ap: number; brier: number; logloss: number; f1_at_half: number }
    check<Row>('auc', TIGHT, ({ y, s, ...row }) => {
      const input = { labels: y, scores: s }
      const called = s.map((score) => String(Number(score >= 0.5)))
      const matrix = stats.confusionMatrix(y.map(String), called, ['0', '1'])
      return [
        [stats.rocAuc(input), row.auc],
        [stats.averagePrecision(input), row.ap],
        [stats.brierScore(input), row.brier],
        [stats.logLoss(input), row.logloss],
        [stats.fBeta(stats.binaryCounts(matrix, 1)) as number, row.f1_at_half],
      ]
    })
    check<{ y: number[]; s: number[]; auc: number; se: number }>('delong', TIGHT, ({ y, s, auc, se }) => {
      const estimate = stats.delongAuc({ labels: y, scores: s })
      return [
        [estimate.auc, auc],
        [estimate.standardError, se],
      ]
    })
  })

  it('sample size of two proportions', () => {
    type Row = {
      p_control: number
      p_canary: number
      alpha: number
      power: number
      control_to_canary_ratio: number
      n_canary: number
    }
    check<Row>('power_two_proportions', TIGHT, (row) => {
      const design = {
        control: row.p_control,
        treatment: row.p_canary,
        controlsPerTreatment: row.control_to_canary_ratio,
      }
      return [[stats.proportionSampleSize(design, row), row.n_canary]]
    })
  })

  it('leaves no table of the golden file untested', () => {
    expect(goldenTableNames().filter((name) => !seen.has(name))).toEqual([])
  })
})

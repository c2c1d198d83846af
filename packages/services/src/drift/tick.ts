import type { FeatureDrift } from '@modelyard/contracts'
import {
  countPredictions,
  type Db,
  type DriftRow,
  insertReport,
  latestReports,
  listMonitored,
  readWindow,
  tables,
} from '@modelyard/db'
import {
  type ComparedFeature,
  compareClasses,
  compareFeature,
  DRIFT_DEFAULTS,
  type DriftJudgement,
  type DriftPolicy,
  type DriftStreak,
  followDrift,
  judgeDrift,
  NO_STREAK,
} from '@modelyard/domain'
import { eq } from 'drizzle-orm'
import { clearAlert, raiseAlert, type Signal } from '../alert/raise.ts'
import type { Ctx } from '../context.ts'
import { loadFeatureColumns } from '../dataset/load.ts'
import { mutate } from '../mutate.ts'

/** When a window is full: after `fullRows`, or with `minRows` once `patienceMs` has passed; never more often than `restMs`. */
export type DriftPace = { fullRows: number; minRows: number; patienceMs: number; restMs: number; settleMs: number }
export const DRIFT_PACE: DriftPace = { fullRows: 400, minRows: 200, patienceMs: 60_000, restMs: 5_000, settleMs: 1_000 }

const MONTH_MS = 30 * 86_400_000
const MAX_ROWS = 20_000
type Monitored = Awaited<ReturnType<typeof listMonitored>>[number]
type Window = { from: Date; to: Date }

/** Look at every endpoint; answers how many reports were written. One endpoint's failure does not stop the others. */
export async function tickDrift(ctx: Ctx, pace: DriftPace = DRIFT_PACE): Promise<number> {
  let written = 0
  for (const monitored of await listMonitored(ctx.db)) {
    try {
      if (await watchEndpoint(ctx, monitored, pace)) written++
    } catch (error) {
      ctx.log.error(
        { err: error, endpointId: monitored.endpoint.id, projectId: monitored.endpoint.projectId },
        'drift could not be judged',
      )
    }
  }
  return written
}

async function watchEndpoint(ctx: Ctx, monitored: Monitored, pace: DriftPace): Promise<boolean> {
  const { endpoint, variant, modelVersion } = monitored
  if (modelVersion.datasetVersionId === null) return false
  const history = await latestReports(ctx.db, { endpointId: endpoint.id, variantId: variant.id, limit: 10 })
  const window = await dueWindow(ctx, { monitored, last: history[0] ?? null, pace })
  if (!window) return false
  const policy: DriftPolicy = { ...DRIFT_DEFAULTS, windowsPerMonth: MONTH_MS / Math.max(pace.restMs, 1) }
  const compared = await compareWindow(ctx, monitored, window)
  const judgement = judgeDrift(
    [
      ...compared.features.map(({ comparison }) => comparison),
      ...(compared.prediction ? [compared.prediction.comparison] : []),
    ],
    policy,
  )
  const row = reportRow(ctx, { monitored, window, compared, judgement, policy })
  await commitReport(ctx, { monitored, row, judgement, step: followDrift(streakOf(history), judgement, policy) })
  return true
}

/** The stretch since the last report, if enough of it was served; null while it is not. */
async function dueWindow(
  ctx: Ctx,
  args: { monitored: Monitored; last: DriftRow | null; pace: DriftPace },
): Promise<Window | null> {
  const { monitored, last, pace } = args
  const { endpoint, variant } = monitored
  const from = last?.windowTo ?? variant.createdAt
  const to = new Date(ctx.now().getTime() - pace.settleMs)
  const waitedMs = to.getTime() - from.getTime()
  if (waitedMs < pace.restMs) return null
  const rows = await countPredictions(ctx.db, { endpointId: endpoint.id, variantId: variant.id, from, to })
  if (rows >= pace.fullRows) return { from, to }
  return rows >= pace.minRows && waitedMs >= pace.patienceMs ? { from, to } : null
}

type Compared = {
  features: ComparedFeature[]
  prediction: ComparedFeature | null
  nReference: number
  nCurrent: number
}

async function compareWindow(
  ctx: Ctx,
  { endpoint, variant, modelVersion }: Monitored,
  window: Window,
): Promise<Compared> {
  const datasetVersionId = modelVersion.datasetVersionId ?? ''
  const reference = await loadFeatureColumns(ctx, { datasetVersionId, part: 'train' })
  const rows = await readWindow(ctx.db, { endpointId: endpoint.id, variantId: variant.id, ...window, limit: MAX_ROWS })
  // A row of another width cannot be laid beside the training columns; counting its values as missing makes it show.
  const features = reference.names.map((feature, column) => {
    const known = (reference.columns[column] ?? new Float64Array()).filter((value) => !Number.isNaN(value)).sort()
    const current = rows.map((row) =>
      row.features.length === reference.names.length ? finite(row.features[column]) : null,
    )
    return compareFeature({
      feature,
      reference: known,
      referenceMissing: reference.labels.length - known.length,
      current,
    })
  })
  const labels = rows.flatMap(({ label }) => (label === null ? [] : [label]))
  const classes = modelVersion.classes
  const prediction =
    classes.length > 1
      ? compareClasses({ feature: 'prediction', classes, reference: reference.labels, current: labels })
      : null
  return { features, prediction, nReference: reference.labels.length, nCurrent: rows.length }
}

const finite = (value: number | undefined) => (value !== undefined && Number.isFinite(value) ? value : null)

type Report = {
  monitored: Monitored
  window: Window
  compared: Compared
  judgement: DriftJudgement
  policy: DriftPolicy
}

function reportRow(
  ctx: Ctx,
  { monitored, window, compared, judgement, policy }: Report,
): typeof tables.driftReport.$inferInsert {
  const shapes = new Map(
    [...compared.features, ...(compared.prediction ? [compared.prediction] : [])].map(({ comparison, shape }) => [
      comparison.feature,
      shape,
    ]),
  )
  const views = judgement.features.map((verdict): FeatureDrift => {
    const shape = shapes.get(verdict.feature)
    return {
      feature: verdict.feature,
      test: verdict.test === 'chi2' ? 'chi2' : 'ks',
      statistic: Number.isFinite(verdict.statistic) ? verdict.statistic : 0,
      p: finite(verdict.p),
      pAdjusted: verdict.pAdjusted,
      wassersteinSd: verdict.wassersteinSd,
      psi: shape?.psi ?? null,
      verdict: verdict.verdict,
      bins: shape?.edges ?? [],
      reference: shape?.reference ?? [],
      current: shape?.current ?? [],
    }
  })
  const isPrediction = ({ test }: FeatureDrift) => test === 'chi2'
  const features = views.filter((view) => !isPrediction(view))
  return {
    id: ctx.newId('drf'),
    projectId: monitored.endpoint.projectId,
    endpointId: monitored.endpoint.id,
    variantId: monitored.variant.id,
    referenceDatasetVersionId: monitored.modelVersion.datasetVersionId ?? '',
    windowFrom: window.from,
    windowTo: window.to,
    nReference: compared.nReference,
    nCurrent: compared.nCurrent,
    method: {
      test: 'two-sample Kolmogorov-Smirnov, tie-aware',
      correction: 'Benjamini-Hochberg',
      q: judgement.level,
      effectGate: policy.warnEffect,
      falseAlarmsPerMonth: policy.falseAlarmsPerMonth,
    },
    verdict: judgement.verdict,
    drifted: features.filter(hasDrifted).length,
    maxD: Math.max(0, ...features.map(({ statistic }) => statistic)),
    features,
    prediction: (views.find(isPrediction) ?? null) as Record<string, unknown> | null,
    createdAt: ctx.now(),
  }
}

/** The streak before this window, told again from the reports so that no process holds it. */
function streakOf(history: DriftRow[]): DriftStreak {
  return [...history].reverse().reduce<DriftStreak>((streak, { verdict, maxD }) => {
    const judgement = { verdict, strongestEffect: maxD } as DriftJudgement
    return followDrift(streak, judgement, DRIFT_DEFAULTS).streak
  }, NO_STREAK)
}

type Found = {
  monitored: Monitored
  row: typeof tables.driftReport.$inferInsert
  judgement: DriftJudgement
  step: ReturnType<typeof followDrift>
}

/** Report, alert and ledger in one transaction; a second worker that judged the same window writes nothing. */
async function commitReport(ctx: Ctx, { monitored, row, judgement, step }: Found): Promise<void> {
  const { endpoint } = monitored
  const written = await mutate(ctx, { verb: 'drift.judge', projectId: endpoint.projectId }, async (tx) => {
    if (!(await insertReport(tx, row))) return { answer: null, note: null, changes: [] }
    const project = await slugOf(tx, endpoint.projectId)
    const signal: Signal = {
      projectId: endpoint.projectId,
      project,
      endpointId: endpoint.id,
      endpoint: endpoint.name,
      rule: 'drift',
      summary: `${endpoint.name}: ${sentenceOf(row)}`,
      evidence: {
        drifted: row.drifted,
        features: (row.features as FeatureDrift[]).length,
        strongestEffect: judgement.strongestEffect,
        q: judgement.level,
        nReference: row.nReference,
        nCurrent: row.nCurrent,
      },
      driftReportId: row.id,
    }
    if (step.signal === 'open' || step.signal === 'refresh')
      await raiseAlert(tx, ctx, { ...signal, severity: step.severity === 'critical' ? 'critical' : 'warning' })
    if (step.signal === 'resolve') await clearAlert(tx, ctx, signal)
    return { answer: { project }, note: null, changes: [{ noun: 'drift', id: row.id }] }
  })
  if (!written) return
  const count = (wanted: DriftJudgement['verdict']) =>
    judgement.features.filter(({ verdict }) => verdict === wanted).length
  const named = { reportId: row.id, project: written.project, endpoint: endpoint.name, verdict: judgement.verdict }
  ctx.happened({ kind: 'drift_judged', ...named, warned: count('warn'), critical: count('critical') })
}

const hasDrifted = ({ verdict }: FeatureDrift) => verdict === 'warn' || verdict === 'critical'

/** What a pager shows: features first, then whether the answers changed as well. */
function sentenceOf(row: typeof tables.driftReport.$inferInsert): string {
  const features = row.features as FeatureDrift[]
  const [worst] = features.filter(hasDrifted)
  const prediction = row.prediction as FeatureDrift | null
  const answers = prediction && hasDrifted(prediction) ? ', and so did the mix of answers' : ''
  const most = worst ? `, most of all ${worst.feature} (D ${worst.statistic.toFixed(2)})` : ''
  return `${row.drifted} of ${features.length} features drifted${most}${answers}`
}

async function slugOf(tx: Db, projectId: string): Promise<string> {
  const [row] = await tx
    .select({ slug: tables.project.slug })
    .from(tables.project)
    .where(eq(tables.project.id, projectId))
  return row?.slug ?? projectId
}

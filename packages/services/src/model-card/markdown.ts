import type { CardLimit, CardSection, EvaluationReport, ModelCard } from '@modelyard/contracts'

/** Headings of what people wrote, in the order of the page. */
const HEADINGS: Record<CardSection, string> = {
  summary: 'Summary',
  intendedUse: 'Intended use',
  outOfScope: 'Out of scope',
  limitations: 'Limitations in words',
  ethics: 'Ethical considerations',
  contact: 'Contact',
}

/** A card as CommonMark with tables. Texts of people and of files can neither format nor link nor carry HTML. */
export function cardAsMarkdown(card: ModelCard): string {
  const { version } = card
  const parts = [
    `# ${inert(version.model)} v${version.version}`,
    table(['Fact', 'Value'], facts(card)),
    ...(['summary', 'intendedUse', 'outOfScope'] as const).map((name) => section(card, name)),
    `## Training data\n\n${trainingData(card)}`,
    `## Evaluation\n\n${version.evaluations.map(evaluation).join('\n\n') || 'There is no evaluation.'}`,
    `## Gates\n\n${gates(card)}`,
    `## Limits found in the records\n\n${card.limits.map((limit) => `- ${limitInWords(limit)}`).join('\n') || 'None.'}`,
    ...(['limitations', 'ethics', 'contact'] as const).map((name) => section(card, name)),
    `## Signature\n\n${signature(card)}`,
    `## Lineage\n\n${table(['What', 'Which'], lineage(card))}`,
    `## Approvals\n\n${approvals(card)}`,
    `Made from the records of the project ${inert(card.project)} at ${card.madeAt}, revision ${card.revision}.`,
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** Text that a Markdown reader shows as it stands: on one line, every sign of the syntax escaped. */
export function inert(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#~&]/g, '\\$&')
}

/** The words of people stand in a quotation, which no line of theirs can end. */
function section({ sections }: ModelCard, name: CardSection): string {
  const text = sections[name].trim()
  if (text === '') return ''
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `> ${inert(line)}`.trimEnd())
  return `## ${HEADINGS[name]}\n\n${lines.join('\n')}`
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function facts({ version, project }: ModelCard): string[][] {
  const live = version.liveOn.map((place) => `${inert(place.endpoint)} r${place.variant} (${place.role})`)
  return [
    ['Project', inert(project)],
    ['Stage', version.stage],
    ['Format', version.format],
    ['SHA-256', `\`${version.sha256}\``],
    ['Size', `${version.sizeBytes} bytes`],
    ['Aliases', version.aliases.map(inert).join(', ') || '-'],
    ['Live on', live.join(', ') || '-'],
    ['Registered', `${version.createdAt} by ${inert(version.createdBy.label)}`],
    ['Description', inert(version.description) || '-'],
  ]
}

function trainingData({ trainingData: data }: ModelCard): string {
  if (data === null) return 'No dataset version is known.'
  const rows = [
    ['Dataset', `${inert(data.name)} v${data.version}`],
    ['Rows', String(data.rows)],
    ['Label', inert(data.labelColumn)],
    ['Licence', inert(data.licence) || 'not stated'],
    ['SHA-256', `\`${data.sha256}\``],
    ['Description', inert(data.description) || '-'],
    ['Source', inert(data.sourceNote) || '-'],
  ]
  return table(['Fact', 'Value'], rows)
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`

function evaluation(report: EvaluationReport): string {
  const [low, high] = report.accuracyInterval
  const { p50, p95, p99 } = report.latencyMs
  const whole = [
    ['Rows', String(report.rows)],
    ['Accuracy', `${percent(report.accuracy)} (95 %: ${percent(low)} to ${percent(high)})`],
    ['Macro F1', report.macroF1.toFixed(4)],
    ...(report.curves ? [['Mean AUC', report.curves.macro.auc.toFixed(4)]] : []),
    ...(report.calibration ? [['Calibration error (ECE)', percent(report.calibration.ece)]] : []),
    ['Log loss', report.logLoss === null ? '-' : report.logLoss.toFixed(4)],
    ['Latency p50 / p95 / p99', `${p50} / ${p95} / ${p99} ms`],
  ]
  const perClass = report.perClass.map(({ label, precision, recall, f1, support }) => [
    ...[inert(label), precision.toFixed(3), recall.toFixed(3), f1.toFixed(3), String(support)],
  ])
  const classes = perClass.length === 0 ? '' : `\n\n${table(['Class', 'Precision', 'Recall', 'F1', 'Rows'], perClass)}`
  return `### On the ${report.split} part\n\n${table(['Measure', 'Value'], whole)}${classes}`
}

function gates({ version }: ModelCard): string {
  if (version.gates.length === 0) return 'No gate was asked.'
  const rows = version.gates.map(({ gate, pass, waiver, observed, threshold, detail }) => [
    ...[
      waiver ? 'waived' : pass ? 'pass' : 'FAIL',
      inert(gate),
      String(observed ?? '-'),
      String(threshold ?? '-'),
      inert(detail),
    ],
  ])
  return table(['Verdict', 'Gate', 'Observed', 'Threshold', 'Detail'], rows)
}

/** Limits that need no number or name. */
const PLAIN_LIMITS = {
  no_test: 'It was not evaluated on rows it never saw.',
  no_data: 'Which data it was trained on is not recorded.',
  no_licence: 'The licence of its training data is not stated.',
  data_blocked: 'Its training data did not pass its own quality gates.',
  no_code: 'The code that made it is not recorded.',
  opaque: 'Its files are of a format that is kept but not opened: no signature was read, and it cannot be served here.',
} as const

export function limitInWords(limit: CardLimit): string {
  switch (limit.code) {
    case 'failed_gate':
      return `The gate ${inert(limit.gate)} did not pass.`
    case 'waived_gate':
      return `The gate ${inert(limit.gate)} did not pass and was waived by ${inert(limit.by)}: ${inert(limit.reason)}`
    case 'wide_interval':
      return `With ${limit.rows} test rows its accuracy lies anywhere from ${percent(limit.low)} to ${percent(limit.high)}.`
    case 'weak_class':
      return `The class ${inert(limit.label)} has F1 ${limit.f1.toFixed(3)}, where the mean of all is ${limit.macroF1.toFixed(3)}.`
    case 'rare_classes': {
      const named = limit.labels.map(inert).join(', ')
      const rest = limit.count - limit.labels.length
      return `Tested on fewer than ${limit.below} rows each: the classes ${named}${rest > 0 ? ` and ${rest} more` : ''}.`
    }
    default:
      return PLAIN_LIMITS[limit.code]
  }
}

function signature({ version }: ModelCard): string {
  if (version.signature === null) return 'None: the format is not opened.'
  const rows = (['inputs', 'outputs'] as const).flatMap((side) =>
    (version.signature?.[side] ?? []).map(({ name, dtype, shape }) => [
      ...[side.slice(0, -1), inert(name), inert(dtype), inert(`[${shape.join(', ')}]`)],
    ]),
  )
  return table(['Side', 'Tensor', 'Type', 'Shape'], rows)
}

function lineage({ version, trainingData: data }: ModelCard): string[][] {
  const { runId, jobId, codeCommit } = version.lineage
  const made = [
    ['Dataset version', data === null ? null : `${data.name} v${data.version} (${data.id})`],
    ['Run', runId],
    ['Job', jobId],
    ['Code', codeCommit === '' ? null : codeCommit],
    ['Source', version.source === '' ? null : version.source],
  ] as const
  return made.map(([what, which]) => [what, which === null ? '-' : inert(which)])
}

function approvals({ version }: ModelCard): string {
  if (version.approvals.length === 0) return 'Nobody has asked for approval.'
  const rows = version.approvals.map((approval) => [
    approval.state,
    `${inert(approval.requestedBy.label)}, ${approval.requestedAt}`,
    approval.decidedBy === null ? '-' : `${inert(approval.decidedBy.label)}, ${approval.decidedAt}`,
    `\`${approval.digest}\``,
    inert(approval.comment) || '-',
  ])
  return table(['State', 'Asked by', 'Decided by', 'Digest', 'Comment'], rows)
}

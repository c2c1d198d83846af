/**
 * Where a model version may be registered from: files this installation holds, and nothing else. The text is taken apart
 * by whole patterns and never by a URL parser, so that no scheme, host, query, fragment or dot step can mean more than it
 * says; the path is looked up as it stands and never decoded.
 */
import { idOfHex } from '../id.ts'

export type ModelSource =
  | { kind: 'run'; runId: string; experiment: number | null; path: string }
  | { kind: 'logged_model'; loggedModelId: string; experiment: number | null; path: string }
  | { kind: 'version'; model: string; version: number }
  | { kind: 'frozen'; modelVersionId: string; path: string }

const SOURCE_MAX = 2048
const RUN = /^runs:\/([0-9a-f]{32})\/(.+)$/
const LOGGED = /^models:\/m-([0-9a-f]{32})$/
const VERSION = /^models:\/([^/:@]+)\/([1-9]\d{0,8})$/
const STORED =
  /^mlflow-artifacts:\/(\d{1,15})\/(?:([0-9a-f]{32})|models\/m-([0-9a-f]{32})|versions\/([0-9a-f]{32}))\/artifacts(?:\/(.+))?$/

/** What the text names; null for everything that is no such source. */
export function parseModelSource(text: string): ModelSource | null {
  if (text.length > SOURCE_MAX) return null
  return ofRun(text) ?? ofRegistry(text) ?? ofStore(text)
}

function ofRun(text: string): ModelSource | null {
  const [, hex, path] = RUN.exec(text) ?? []
  const runId = hex === undefined ? null : idOfHex('run', hex)
  return runId === null || !isPlainPath(path) ? null : { kind: 'run', runId, experiment: null, path }
}

function ofRegistry(text: string): ModelSource | null {
  const [, hex] = LOGGED.exec(text) ?? []
  const loggedModelId = hex === undefined ? null : idOfHex('lm', hex)
  if (loggedModelId !== null) return { kind: 'logged_model', loggedModelId, experiment: null, path: '' }
  const [, model, version] = VERSION.exec(text) ?? []
  return model === undefined || !isPlainPath(model) ? null : { kind: 'version', model, version: Number(version) }
}

function ofStore(text: string): ModelSource | null {
  const [, number, run, logged, frozen, path = ''] = STORED.exec(text) ?? []
  if (number === undefined || (path !== '' && !isPlainPath(path))) return null
  const experiment = Number(number)
  const runId = run === undefined ? null : idOfHex('run', run)
  if (runId !== null) return { kind: 'run', runId, experiment, path }
  const loggedModelId = logged === undefined ? null : idOfHex('lm', logged)
  if (loggedModelId !== null) return { kind: 'logged_model', loggedModelId, experiment, path }
  const modelVersionId = frozen === undefined ? null : idOfHex('mv', frozen)
  return modelVersionId === null ? null : { kind: 'frozen', modelVersionId, path }
}

/** Plain names between slashes: what another program could read as a step up, a query or a fragment is none. */
function isPlainPath(path: string | undefined): path is string {
  if (path === undefined) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f\\#?;]|%(?:2e|2f|5c|25|00)/i.test(path)) return false
  return path.split('/').every((step) => step !== '' && step !== '.' && step !== '..')
}

const LINE = /^( *)([\w.-]+):(?: +(\S.*))?$/
const WANTED = 'flavors/onnx/data'

/**
 * The file that an `MLmodel` names for its ONNX flavour; null where it names none. Read line by line, as MLflow writes it:
 * parsers of all of YAML take minutes over a few kilobytes made to that end, and these come from anybody.
 */
export function onnxFileIn(mlmodel: string): string | null {
  const open: { indent: number; path: string }[] = []
  for (const line of mlmodel.split('\n')) {
    const [, spaces = '', key, value] = LINE.exec(line.trimEnd()) ?? []
    if (key === undefined) continue
    while ((open.at(-1)?.indent ?? -1) >= spaces.length) open.pop()
    const parent = open.at(-1)
    const path = parent ? `${parent.path}/${key}` : key
    if (path === WANTED) return value === undefined ? null : scalarOf(value)
    open.push({ indent: spaces.length, path })
  }
  return null
}

/** What a plain or quoted scalar on one line says; null for what goes on or is none. */
function scalarOf(text: string): string | null {
  if (text.startsWith("'")) return /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : null
  if (!text.startsWith('"')) return /^[&*!|>%@`{[]/.test(text) ? null : text
  try {
    // Of the escapes of YAML those of two digits are the ones that JSON has not and that its writers use.
    const said: unknown = JSON.parse(text.replaceAll(/\\x([0-9A-Fa-f]{2})/g, '\\u00$1'))
    return typeof said === 'string' ? said : null
  } catch {
    return null
  }
}

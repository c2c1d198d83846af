import type { z } from 'zod'

/**
 * What a process takes from its environment, which crosses into it like any other input.
 * @throws Error naming every variable that is missing or wrong; a process does not start on half of its settings.
 */
export function parseEnvironment<Shape extends z.ZodType>(shape: Shape, source: NodeJS.ProcessEnv): z.output<Shape> {
  const read = shape.safeParse(source)
  if (read.success) return read.data
  const faults = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`the environment is not complete: ${faults.join('; ')}`)
}

/** The only reader of the environment in this program. */
export function readEnv(source: NodeJS.ProcessEnv): { traceId: string | null } {
  const [, traceId = null] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(source.TRACEPARENT ?? '') ?? []
  return { traceId }
}

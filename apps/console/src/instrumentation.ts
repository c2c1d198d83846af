/** Next's hook before anything else: tracing must patch libraries before they are first loaded. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { startConsoleMetrics, startConsoleTracing } = await import('./tracing.ts')
  await startConsoleTracing()
  startConsoleMetrics()
}

const SAME_PRESS_MS = 1_000

/**
 * Listens for Ctrl-C and its kin. npm and the terminal both pass one press on, so signals that follow within a second
 * are the same press; a later one is the second and means: at once.
 */
export function onInterrupt(actions: { first: () => void; second: () => void }): void {
  let firstAt: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (firstAt === undefined) {
        firstAt = Date.now()
        actions.first()
      } else if (Date.now() - firstAt > SAME_PRESS_MS) {
        actions.second()
      }
    })
  }
}

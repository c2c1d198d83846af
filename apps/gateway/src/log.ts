/** What this process needs of a logger; the real one is telemetry's. */
export type Log = Record<'debug' | 'info' | 'warn' | 'error', (facts: object, message: string) => void>

export * from './store.ts'
export * from './stores/disk.ts'

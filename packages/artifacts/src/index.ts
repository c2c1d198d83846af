export * from './open.ts'
export * from './store.ts'
export * from './stores/disk.ts'
export * from './stores/s3.ts'

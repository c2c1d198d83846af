export * from './catalogue.ts'
export { openQueue, type Queue, type QueueConfig } from './queue.ts'

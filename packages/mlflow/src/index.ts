export { endpoints } from './endpoints.ts'
export { createMlflowHandler, type Handled, isMlflowTarget, type MlflowRequest } from './handler.ts'
export { Reply } from './reply.ts'
export { routeOf } from './router.ts'

export { endpoints } from './endpoints.ts'
export { type Credentials, createMlflowHandler, type Handled, isMlflowTarget, type MlflowRequest } from './handler.ts'
export { routeOf } from './router.ts'

import { router } from '../base.ts'

/** What gateways call; each verb takes the gateway from its token. */
export const gatewayRouter = router({})
export type GatewayRouter = typeof gatewayRouter

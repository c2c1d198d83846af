import type { Endpoint } from './endpoint.ts'
import { inputEndpoints } from './endpoints/inputs.ts'
import { loggedModelEndpoints } from './endpoints/logged-models.ts'
import { multipartEndpoints } from './endpoints/multipart.ts'
import { searchEndpoints } from './endpoints/search.ts'
import { serverEndpoints } from './endpoints/server.ts'

/** Every endpoint there is, a line a group; what stands here is routed, guarded and tried by the hostile tests. */
export const endpoints: readonly Endpoint[] = [
  ...serverEndpoints,
  ...searchEndpoints,
  ...multipartEndpoints,
  ...inputEndpoints,
  ...loggedModelEndpoints,
]

import type { Endpoint } from './endpoint.ts'
import { artifactEndpoints } from './endpoints/artifacts.ts'
import { experimentEndpoints } from './endpoints/experiments.ts'
import { inputEndpoints } from './endpoints/inputs.ts'
import { loggedModelEndpoints } from './endpoints/logged-models.ts'
import { metricEndpoints } from './endpoints/metrics.ts'
import { modelVersionEndpoints } from './endpoints/model-versions.ts'
import { multipartEndpoints } from './endpoints/multipart.ts'
import { registeredModelEndpoints } from './endpoints/registered-models.ts'
import { runEndpoints } from './endpoints/runs.ts'
import { searchEndpoints } from './endpoints/search.ts'
import { serverEndpoints } from './endpoints/server.ts'
import { webhookEndpoints } from './endpoints/webhooks.ts'

/** Every endpoint there is, a line a group; what stands here is routed, guarded and tried by the hostile tests. */
export const endpoints: readonly Endpoint[] = [
  ...serverEndpoints,
  ...experimentEndpoints,
  ...runEndpoints,
  ...metricEndpoints,
  ...artifactEndpoints,
  ...searchEndpoints,
  ...multipartEndpoints,
  ...inputEndpoints,
  ...loggedModelEndpoints,
  ...registeredModelEndpoints,
  ...modelVersionEndpoints,
  ...webhookEndpoints,
]

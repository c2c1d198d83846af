import '../../../../packages/contracts/src/index.ts'
import '../../../../packages/inference/src/index.ts'
import '../../../../packages/stats/src/index.ts'
import '../../../../packages/telemetry/src/index.ts'

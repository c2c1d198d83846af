export const telemetry = 'telemetry'

export const alerts = 'alerts'

export const artifacts = 'artifacts'

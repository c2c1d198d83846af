export const contracts = 'contracts'

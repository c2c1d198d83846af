export const inference = 'inference'

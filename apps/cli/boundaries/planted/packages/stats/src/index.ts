export const stats = 'stats'

export const bench = 'for tests'

export const trpc = 'trpc'

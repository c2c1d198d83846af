import '@trpc/server'

import { callTRPCProcedure } from '@trpc/server'
import { describe, expect, it } from 'vitest'
import { appRouter } from './index.ts'

const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { type: 'query' | 'mutation' | 'subscription' } }
>

describe('every procedure', () => {
  it('is there to be tested', () => {
    expect(Object.keys(procedures).length).toBeGreaterThan(10)
  })

  it.each(Object.keys(procedures))(
    '%s answers nobody with UNAUTHORIZED, before it looks at the input',
    async (path) => {
      const hub = {
        arm: () => {
          throw new Error('nobody may wait')
        },
        // biome-ignore lint/correctness/useYield: nobody gets as far as the feed
        changes: async function* () {
          throw new Error('nobody may listen')
        },
      }
      const call = callTRPCProcedure({
        router: appRouter,
        path,
        getRawInput: async () => ({}),
        ctx: { ctx: null, hub },
        type: procedures[path]?._def.type ?? 'query',
        signal: undefined,
        batchIndex: 0,
      })
      await expect(call).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    },
  )
})

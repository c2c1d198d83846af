import { wire } from '../../wire.ts'

export const dynamic = 'force-dynamic'

/** Prometheus text. */
export async function GET(): Promise<Response> {
  const { registry } = wire().metrics
  return new Response(await registry.metrics(), {
    headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' },
  })
}

import { lookup } from 'node:dns/promises'
import { refuse } from '@modelyard/domain'
import ipaddr from 'ipaddr.js'

export type Checked = {
  url: URL
  /** The one address that was checked and may be connected to. */
  address: string
  family: 4 | 6
}
export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>

/** Somebody else's name server may take any time; whoever sends holds a lease. */
const LOOKUP_MS = 5_000

const resolveAll: Resolve = (host) => lookup(host, { all: true, verbatim: true })
const PORTS_OF_OTHERS = new Set([22, 23, 25, 53, 110, 143, 445, 3306, 5432, 6379, 9200, 11211, 27017])

/**
 * Where an outgoing message may go. Every address of the name must be public unicast, so that a name with one private
 * address is refused whole; `allow` lists `host:port` pairs an operator opened. Refusal `invalid` on `settings.url`.
 */
export async function checkAddress(
  text: string,
  policy: { allow: readonly string[]; resolve?: Resolve },
): Promise<Checked> {
  const url = parse(text)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
  const addresses = ipaddr.isValid(host) ? [literal(host)] : await namesOf(host, policy.resolve ?? resolveAll)
  if (!policy.allow.includes(`${host}:${port}`)) requirePublic(url, { port, addresses })
  const [first] = addresses
  if (!first) return refuse('invalid', `the name ${host} has no address`, { field: 'settings.url' })
  return { url, address: first.address, family: first.family === 6 ? 6 : 4 }
}

type Address = { address: string; family: number }
const literal = (host: string): Address => ({ address: host, family: ipaddr.parse(host).kind() === 'ipv6' ? 6 : 4 })

function requirePublic(url: URL, { port, addresses }: { port: number; addresses: Address[] }): void {
  if (PORTS_OF_OTHERS.has(port)) {
    refuse('invalid', `port ${port} belongs to another kind of server`, { field: 'settings.url' })
  }
  const range = addresses.map(({ address }) => rangeOf(address)).find((found) => found !== 'unicast')
  if (range === undefined) return
  const way = 'an operator can allow it with MODELYARD_WEBHOOK_ALLOW'
  refuse('invalid', `${url.host} is inside a private or reserved network (${range}); ${way}`, { field: 'settings.url' })
}

function parse(text: string): URL {
  if (!URL.canParse(text)) return refuse('invalid', 'this is no URL', { field: 'settings.url' })
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    refuse('invalid', 'only http and https addresses are called', { field: 'settings.url' })
  if (url.username !== '' || url.password !== '')
    refuse('invalid', 'an address must not carry a user name or password', { field: 'settings.url' })
  return url
}

async function namesOf(host: string, resolve: Resolve) {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), LOOKUP_MS)
  })
  try {
    return await Promise.race([resolve(host), tooLate])
  } catch {
    return refuse('invalid', `the name ${host} does not resolve`, { field: 'settings.url' })
  } finally {
    clearTimeout(timer)
  }
}

/** Range of an address; an IPv4 address inside an IPv6 one is judged as the IPv4 it is. */
function rangeOf(text: string): string {
  const address = ipaddr.process(text)
  const range = address.range()
  if (range !== 'unicast' || address.kind() === 'ipv4') return range
  // ipaddr.js calls these unicast; they reach private networks or documentation space.
  const blocked = ['64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2002::/16', '3fff::/20', '5f00::/16', '2001:db8::/32']
  return blocked.some((cidr) => address.match(ipaddr.parseCIDR(cidr))) ? 'reserved' : range
}

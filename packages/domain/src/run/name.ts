/** Names for runs that nobody named: three parts, easy to say and to tell apart. */

const ADJECTIVES = [
  'agile amber ample apt arctic balmy bold brave bright brisk calm candid casual clear clever cosmic crisp curious',
  'daring deep deft eager early earnest easy fair famous fancy fast fine firm fleet fond frank free fresh gentle glad',
  'golden grand green handy happy hardy hazel honest humble icy ideal jolly keen kind large late lively loyal lucid',
  'lucky lunar mellow merry mild misty modest neat new nimble noble novel open orderly pale patient placid plain polite',
  'prime proud quick quiet rapid rare ready robust rosy round royal rustic sage sharp shiny silent simple sleek smooth',
  'snowy social solar solid sound spry stable steady stoic stout sunny sure swift tall tame tidy timely tranquil true',
  'upbeat urban valid vast vivid warm wise witty young zesty',
]
  .join(' ')
  .split(' ')

const NOUNS = [
  'acorn alder anchor aspen badger basin bay beacon beech birch bison brook canyon carp cedar cliff cloud clover comet',
  'condor coral cove crane creek cricket delta dingo dove dune eagle egret elk ember falcon fern finch fjord flint fox',
  'gale gecko geyser glacier glade gull harbor hare hawk hazel heron hill ibis inlet iris island jay kestrel kite lagoon',
  'lake lark laurel lemur lily linden lion lotus lynx magpie maple marlin marsh marten meadow mesa mink moon moose moss',
  'oak oasis ocean olive orca orchid oriole osprey otter owl panda pebble pelican perch pine plover pond poplar prairie',
  'puffin quail quartz rain raven reed reef ridge river robin rowan sable salmon sea seal shore sparrow spruce squid',
  'star stone stork stream summit swan swift tapir tern thrush tide tiger trout tulip valley walrus wave willow wolf wren',
]
  .join(' ')
  .split(' ')

const NUMBERS = 1000

/**
 * `adjective-noun-number` out of at least six random bytes, for example `brisk-otter-417`.
 * @throws Error for fewer bytes
 */
export function runNameOf(random: Uint8Array): string {
  if (random.length < 6) throw new Error(`a run's name needs six random bytes, not ${random.length}`)
  const draw = (at: number, count: number) => (((random[at] ?? 0) << 8) | (random[at + 1] ?? 0)) % count
  return `${ADJECTIVES[draw(0, ADJECTIVES.length)]}-${NOUNS[draw(2, NOUNS.length)]}-${draw(4, NUMBERS)}`
}

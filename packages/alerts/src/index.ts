import { refuse } from '@modelyard/domain'
import type { Channel } from './channel.ts'
import { webhook } from './channels/webhook.ts'

/** Every channel there is: adding one is a file and a line here. */
export const CHANNELS = [webhook] as const satisfies readonly Channel[]

/** The channel of that kind. Refusal `unsupported`. */
export function channelOf(kind: string): Channel {
  const found = CHANNELS.find((channel) => channel.kind === kind)
  return (
    found ??
    refuse(
      'unsupported',
      `there is no alert channel of kind "${kind}"; there are: ${CHANNELS.map((channel) => channel.kind).join(', ')}`,
      { field: 'kind' },
    )
  )
}

export { type Checked, checkAddress, type Resolve } from './address.ts'
export type { AlertMessage, Channel, SendContext } from './channel.ts'
export { type Message, type Posted, post } from './post.ts'
export { signMlflow, signStandard } from './sign.ts'

'use client'
import type { Change } from '@modelyard/contracts'
import { api } from './client.ts'

export type FeedState = 'connecting' | 'connected' | 'failed'
export type Feed = { close: () => void }
type Hear = { change: (change: Change) => void; state: (state: FeedState) => void }
type Message = { kind: 'change'; change: Change } | { kind: 'state'; state: FeedState } | { kind: 'ask' }

/** Browsers allow six connections to a host: twenty open tabs must not take twenty. */
export function openFeed(project: string, hear: Hear): Feed {
  const channel = new BroadcastChannel(`modelyard-live:${project}`)
  const stop = new AbortController()
  let leading = false
  let state: FeedState = 'connecting'
  const tell = (message: Message) => {
    channel.postMessage(message)
    if (message.kind === 'state') hear.state(message.state)
    if (message.kind === 'change') hear.change(message.change)
  }
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'ask' && leading) channel.postMessage({ kind: 'state', state } satisfies Message)
    if (data.kind === 'state') hear.state(data.state)
    if (data.kind === 'change') hear.change(data.change)
  }
  const lead = () => {
    leading = true
    return subscribe({
      project,
      signal: stop.signal,
      onChange: (change) => tell({ kind: 'change', change }),
      onState: (next) => {
        state = next
        tell({ kind: 'state', state: next })
      },
    })
  }
  channel.postMessage({ kind: 'ask' } satisfies Message)
  // Web locks exist on secure addresses only; elsewhere each tab keeps its own connection.
  if (navigator.locks === undefined) void lead()
  else navigator.locks.request(`modelyard-live:${project}`, { signal: stop.signal }, lead).catch(() => {})
  return {
    close: () => {
      stop.abort()
      channel.close()
    },
  }
}

type Subscription = {
  project: string
  signal: AbortSignal
  onChange: (change: Change) => void
  onState: (state: FeedState) => void
}

/** Holds the subscription until the signal; the link reconnects by itself after a break. */
function subscribe({ project, signal, onChange, onState }: Subscription): Promise<void> {
  return new Promise((resolve) => {
    const subscription = api.live.changes.subscribe(
      { project },
      {
        onData: onChange,
        onConnectionStateChange: (next) => {
          if (next.state === 'pending') onState('connected')
          else if (next.state === 'connecting') onState(next.error === null ? 'connecting' : 'failed')
        },
        onError: () => onState('failed'),
      },
    )
    signal.addEventListener('abort', () => {
      subscription.unsubscribe()
      resolve()
    })
  })
}

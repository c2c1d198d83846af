import type { RunsView } from '@modelyard/contracts'
import { setOrDrop } from '../set-or-drop.ts'

/** The table as its address tells it: the view, the saved one it came from, what is selected and what is peeked at. */
export type RunsAddress = RunsView & { viewId: string; selected: string[]; peek: string }

/** As many as a comparison takes; the address stays short enough to be sent. */
export const MAX_SELECTED = 20

export const EMPTY_VIEW: RunsView = {
  q: '',
  sort: '',
  columns: [],
  group: '',
  metric: '',
  experiment: '',
  shown: 'active',
}

const isRunId = (text: string) => /^run_[0-9a-z]{26}$/.test(text)

type Params = Pick<URLSearchParams, 'get' | 'getAll'>

/** Whatever an address holds makes a table: what is not understood is left out. */
export function readAddress(params: Params): RunsAddress {
  const text = (name: string, longest: number) => (params.get(name) ?? '').slice(0, longest).toWellFormed()
  const columns = params.getAll('col').filter((column) => column.length >= 3 && column.length <= 300)
  return {
    q: text('q', 4_000),
    sort: text('sort', 301),
    columns: [...new Set(columns)].slice(0, 60),
    group: text('group', 300),
    metric: text('metric', 250),
    experiment: /^\d{1,15}$/.test(params.get('exp') ?? '') ? (params.get('exp') ?? '') : '',
    shown: params.get('shown') === 'deleted' ? 'deleted' : 'active',
    viewId: text('view', 40),
    selected: text('sel', 1_000).split(',').filter(isRunId).slice(0, MAX_SELECTED),
    peek: isRunId(params.get('peek') ?? '') ? (params.get('peek') ?? '') : '',
  }
}

/** Makes a search the shortest that says this table; what other parts of the page keep in it stays. */
export function writeAddress(search: URLSearchParams, address: RunsAddress): void {
  setOrDrop(search, 'view', address.viewId)
  setOrDrop(search, 'q', address.q)
  setOrDrop(search, 'exp', address.experiment)
  setOrDrop(search, 'sort', address.sort)
  setOrDrop(search, 'group', address.group)
  setOrDrop(search, 'metric', address.metric)
  setOrDrop(search, 'shown', address.shown === 'deleted' ? 'deleted' : '')
  search.delete('col')
  for (const column of address.columns) search.append('col', column)
  setOrDrop(search, 'sel', address.selected.slice(0, MAX_SELECTED).join(','))
  setOrDrop(search, 'peek', address.peek)
}

/** What goes to the server of a view. */
export function questionOf(project: string, view: RunsView) {
  return {
    project,
    filter: view.q,
    shown: view.shown,
    ...(view.experiment === '' ? {} : { experiment: Number(view.experiment) }),
  }
}

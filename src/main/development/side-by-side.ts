import { DecisionsByPath, type Disclosure, isObject, type Line, wordsOf } from './view-line.js'

/** One persona's answer to the case view. */
export interface View {
  /** Null where this persona sees nothing of the case. */
  readonly case: Readonly<Record<string, unknown>> | null
  readonly disclosure: Disclosure
}

/** What one persona sees of one row: several lines where the row is a whole object. */
export type Cell = readonly Line[]
export interface Row {
  readonly label: string
  readonly cells: readonly Cell[]
}
export interface Group {
  readonly title: string | null
  readonly rows: readonly Row[]
}
export interface Section {
  readonly id: string
  readonly title: string
  readonly groups: readonly Group[]
}

/** Where one persona's answer stands while all are walked together: a value, or why there is none. */
type Spot =
  | { readonly kind: 'AT'; readonly value: unknown; readonly path: string }
  | { readonly kind: 'HIDDEN'; readonly line: Line }

interface Walk {
  readonly decisions: readonly DecisionsByPath[]
}

const NOTHING: Omit<Line, 'state'> = { label: null, text: '', why: null, without: [], asOf: null }

/**
 * Several answers to one operation about one case, laid side by side. Objects of a list are matched by
 * their `id`, for whoever may not know of one has a shorter list. Rows that are empty for everybody are
 * left away. Nothing in it depends on which fields the operation asks for.
 */
export function sideBySide(views: readonly View[]): readonly Section[] {
  const walk = { decisions: views.map((one) => new DecisionsByPath(one.disclosure)) }
  const spots: readonly Spot[] = views.map((one) =>
    one.case === null
      ? { kind: 'HIDDEN', line: { ...NOTHING, state: 'NO_CASE' } }
      : { kind: 'AT', value: one.case, path: 'case' },
  )
  const sections: Section[] = []
  const own: Row[] = []
  for (const [key, below] of fieldsOf(walk, spots)) {
    if (!isList(below)) {
      own.push({ label: wordsOf(key), cells: cellsOf(walk, below) })
      continue
    }
    const items = itemsOf(below)
    if (items.some((one) => one.some(holdsLists)))
      for (const item of items) sections.push(sectionOf(walk, item))
    else if (items.length > 0)
      sections.push({
        id: key,
        title: wordsOf(key),
        groups: [{ title: null, rows: items.map((one, i) => rowOf(walk, one, `${i + 1}`)) }],
      })
  }
  const first = { id: 'case', title: 'the case', groups: [{ title: null, rows: telling(own) }] }
  return [first, ...sections.filter((one) => one.groups.length > 0)]
}

/** The fields of an object over all answers, in the order in which they come. */
function fieldsOf(walk: Walk, spots: readonly Spot[]): ReadonlyMap<string, readonly Spot[]> {
  const keys = new Set(
    spots.flatMap((one) =>
      one.kind === 'AT' && isObject(one.value) ? Object.keys(one.value) : [],
    ),
  )
  keys.delete('id')
  keys.delete('__typename')
  return new Map([...keys].map((key) => [key, spots.map((spot, i) => step(walk, i, spot, key))]))
}

function step(walk: Walk, persona: number, spot: Spot, key: string): Spot {
  if (spot.kind === 'HIDDEN') return spot
  const path = `${spot.path}.${key}`
  const value = isObject(spot.value) ? spot.value[key] : null
  const why = walk.decisions[persona]?.at(path)
  if (why?.decision === 'WITHHOLD')
    return { kind: 'HIDDEN', line: { ...NOTHING, state: 'WITHHELD', why } }
  // A connection is a list with a page around it.
  if (isObject(value) && Array.isArray(value['edges']))
    return { kind: 'AT', value: value['edges'], path: `${path}.edges` }
  return { kind: 'AT', value, path }
}

const nodeOf = (value: unknown): unknown =>
  isObject(value) && isObject(value['node']) ? value['node'] : value
const idOf = (value: unknown): string | null => {
  const node = nodeOf(value)
  return isObject(node) && typeof node['id'] === 'string' ? node['id'] : null
}

/** A list of objects that can be told apart. */
function isList(spots: readonly Spot[]): boolean {
  return spots.some(
    (one) =>
      one.kind === 'AT' &&
      Array.isArray(one.value) &&
      one.value.some((item) => idOf(item) !== null),
  )
}

/** The objects of a list over all answers; one that an answer leaves out is hidden there. */
function itemsOf(spots: readonly Spot[]): readonly (readonly Spot[])[] {
  const places = spots.map((spot) => {
    const found = new Map<string, Spot>()
    if (spot.kind === 'AT' && Array.isArray(spot.value))
      spot.value.forEach((item: unknown, i) => {
        const id = idOf(item)
        const path = `${spot.path}.${i}${nodeOf(item) === item ? '' : '.node'}`
        if (id !== null) found.set(id, { kind: 'AT', value: nodeOf(item), path })
      })
    return found
  })
  const longestFirst = [...places].sort((a, b) => b.size - a.size)
  const ids = new Set(longestFirst.flatMap((one) => [...one.keys()]))
  return [...ids].map((id) =>
    spots.map(
      (spot, i): Spot =>
        places[i]?.get(id) ??
        (spot.kind === 'HIDDEN'
          ? spot
          : { kind: 'HIDDEN', line: { ...NOTHING, state: 'LEFT_OUT' } }),
    ),
  )
}

/** Whether lists of objects of their own stand below: then each field is a row, else the object is one. */
function holdsLists(spot: Spot): boolean {
  const holds = (value: unknown, depth: number): boolean => {
    if (Array.isArray(value)) return depth > 0 && value.some((one) => idOf(one) !== null)
    return isObject(value) && Object.values(value).some((one) => holds(one, depth + 1))
  }
  return spot.kind === 'AT' && holds(spot.value, 0)
}

function sectionOf(walk: Walk, item: readonly Spot[]): Section {
  const own: Row[] = []
  const groups: Group[] = []
  const take = (spots: readonly Spot[], name: string | null): void => {
    for (const [key, below] of fieldsOf(walk, spots)) {
      if (isList(below)) groups.push(...groupsOf(walk, key, itemsOf(below)))
      else if (below.some(holdsLists)) take(below, key)
      else own.push({ label: wordsOf(name ?? key), cells: cellsOf(walk, below) })
    }
  }
  take(item, null)
  return {
    id: idIn(item),
    title: titleOf(item) ?? '',
    groups: [{ title: null, rows: telling(own) }, ...groups].filter((one) => one.rows.length > 0),
  }
}

/** An object with more fields than this gets a row for each of them, a smaller one is one row. */
const smallMax = 12

function groupsOf(walk: Walk, key: string, items: readonly (readonly Spot[])[]): readonly Group[] {
  if (items.some((one) => fieldsOf(walk, one).size > smallMax))
    return items.map((one) => ({ title: titleOf(one) ?? wordsOf(key), rows: rowsOf(walk, one) }))
  return [{ title: wordsOf(key), rows: items.map((one, i) => rowOf(walk, one, `${i + 1}`)) }]
}

function idIn(item: readonly Spot[]): string {
  for (const one of item) {
    const id = one.kind === 'AT' ? idOf(one.value) : null
    if (id !== null) return id
  }
  return ''
}

function rowsOf(walk: Walk, item: readonly Spot[]): readonly Row[] {
  return telling(
    [...fieldsOf(walk, item)].map(([key, spots]) => ({
      label: wordsOf(key),
      cells: cellsOf(walk, spots),
    })),
  )
}

/** One object as one row: each field a line of its cell. */
function rowOf(walk: Walk, item: readonly Spot[], otherwise: string): Row {
  const fields = fieldsOf(walk, item)
  const cells = item.map((spot, i): Cell => {
    if (spot.kind === 'HIDDEN') return [spot.line]
    return [...fields].flatMap(([key, spots]) => {
      const line = lineOf(walk, spots[i], i, wordsOf(key))
      return line.state === 'NOTHING' ? [] : [line]
    })
  })
  return { label: titleOf(item) ?? otherwise, cells }
}

function cellsOf(walk: Walk, spots: readonly Spot[]): readonly Cell[] {
  return spots.map((one, i) => [lineOf(walk, one, i, null)])
}

function lineOf(walk: Walk, spot: Spot | undefined, persona: number, label: string | null): Line {
  if (!spot) return { ...NOTHING, label, state: 'NOTHING' }
  if (spot.kind === 'HIDDEN') return { ...spot.line, label }
  return (
    walk.decisions[persona]?.line(label, spot.path, spot.value) ?? {
      ...NOTHING,
      label,
      state: 'NOTHING',
    }
  )
}

/**
 * Rows with a value for somebody; those that are withheld from some and empty for the others come
 * together in a last one, and those that are empty for everybody are left away.
 */
function telling(rows: readonly Row[]): readonly Row[] {
  const has = (row: Row, states: readonly Line['state'][]): boolean =>
    row.cells.flat().some((one) => states.includes(one.state))
  const shown = rows.filter((row) => has(row, ['RELEASED', 'SHORTENED']))
  const hidden = rows.filter((row) => !shown.includes(row) && has(row, ['WITHHELD']))
  if (hidden.length === 0) return shown
  const columns = hidden[0]?.cells.map((_, i) => i) ?? []
  return [
    ...shown,
    {
      label: 'no value for anybody',
      cells: columns.map((i) =>
        oneOf(
          hidden.flatMap(({ label, cells }) =>
            (cells[i] ?? []).map((line) => ({ ...line, label: line.label ?? label })),
          ),
        ),
      ),
    },
  ]
}

/** Withheld fields by name; empty ones, and a case or object that is hidden as a whole, once. */
function oneOf(lines: readonly Line[]): Cell {
  const withheld = lines.filter((one) => one.state === 'WITHHELD')
  return withheld.length > 0 ? withheld : lines.slice(0, 1)
}

/** What an object is called: whatever of these the fullest answer says of it. */
function titleOf(item: readonly Spot[]): string | null {
  const say = (read: (value: Readonly<Record<string, unknown>>) => unknown): string | null => {
    for (const one of item) {
      const found = one.kind === 'AT' && isObject(one.value) ? read(one.value) : null
      if (typeof found === 'string') return found
    }
    return null
  }
  const inside = (key: string, inner: string) => (value: Readonly<Record<string, unknown>>) => {
    const object = value[key]
    return isObject(object) ? object[inner] : null
  }
  const first = (keys: readonly string[]): string | null => {
    for (const key of keys) {
      const found = say((value) => value[key])
      if (found !== null) return found
    }
    return null
  }
  const day = first(DAYS)
  const what = first(NAMING) ?? typeNameOf(say((value) => value['__typename']))
  const of = say(inside('of', 'as'))
  const texts = [
    day,
    what === null ? null : /^[A-Z_]{4,}$/.test(what) ? wordsOf(what) : what,
    of === null ? null : `of the ${wordsOf(of)}`,
    say(inside('agency', 'name')),
  ].filter((one) => one !== null)
  return texts.length === 0 ? null : texts.join(' · ')
}

const typeNameOf = (name: string | null): string | null => (name === null ? null : wordsOf(name))

const DAYS = ['at', 'decidedOn', 'heldOn', 'assessedOn', 'servedOn']
const NAMING = [
  'as',
  'kind',
  'instrument',
  'worker',
  'measure',
  'marker',
  'state',
  'level',
  'channel',
  'typology',
]

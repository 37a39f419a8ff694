import type { Adapter, Detail, Kind, Wanted } from '../src/records/adapter.js'
import { NO_MARKS } from '../src/records/adapter.js'

/**
 * The kinds with agencies that answer from memory at once: what is left is the hub's own work. The
 * schema stays that of the real kinds.
 */
export function syntheticKinds(kinds: readonly Kind[]): readonly Kind[] {
  return kinds.map((kind) => ({
    ...kind,
    create: ({ agency }) => Promise.resolve(syntheticAdapter(agency)),
  }))
}

function syntheticAdapter(agency: Adapter['agency']): Adapter {
  return {
    agency,
    changes: () => nothing(),
    holds: (people) => Promise.resolve(people.map(() => [])),
    read: (wanted) => Promise.resolve(wanted.map(detail)),
    probe: () => Promise.resolve(),
    replay: () => ({
      kind: 'rejected',
      rejection: {
        source: { type: 'none', id: 'none' },
        reason: 'SHAPE_UNREADABLE',
        field: null,
        raw: null,
        outcome: 'QUARANTINE',
      },
    }),
    receive: () => Promise.resolve({ applied: 0, rejections: [] }),
    close: () => Promise.resolve(),
  }
}

async function* nothing(): AsyncGenerator<never> {
  yield* []
}

function detail({ source, graphType }: Wanted): Detail {
  return { kind: 'found', data: syntheticRecord(source.id, graphType), marks: NO_MARKS }
}

const made = new Map<string, Readonly<Record<string, unknown>>>()

/** A record's detail, the same for one id each time; made once. */
export function syntheticRecord(id: string, graphType: string): Readonly<Record<string, unknown>> {
  const key = `${graphType} ${id}`
  const known = made.get(key)
  if (known) return known
  const record = {
    names: [{ given: 'Alex Sam', family: `Person ${id}`, use: 'USUAL' }],
    bornOn: '1988-04-12',
    addresses: [
      { lines: ['12 Mill Lane', 'Northwich'], postcode: 'CW9 5AB', from: '2021-03', to: null },
    ],
    phones: ['07700 900123'],
    emails: [`person${id}@example.org`],
  }
  made.set(key, record)
  return record
}

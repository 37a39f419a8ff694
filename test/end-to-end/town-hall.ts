import { Field, ID, ObjectType } from 'type-graphql'
import {
  type Adapter,
  type IndexedRecord,
  type Kind,
  NO_MARKS,
  type SourceId,
} from '../../src/records/adapter.js'
import {
  Address,
  ChronologyEventInterface,
  Lineage,
  PersonName,
  RecordInterface,
  Text,
} from '../../src/records/graph.js'
import { Governed, Key, SubjectIs } from '../../src/sharing/governed.js'
import { PartialDate } from '../../src/sharing/scalars.js'

/** A kind of agency that the project does not have: a local authority, which knows who lives where. */

@ObjectType('CouncilRecord', { implements: RecordInterface, description: 'A tenant.' })
@Key('id')
@SubjectIs('RECORD')
class CouncilRecord implements RecordInterface {
  @Field(() => ID, { description: 'Opaque.' })
  id!: string
  @Governed('IDENTITY', 'NOBODY', () => [PersonName], [], 'Names.')
  names!: PersonName[] | null
  @Governed('IDENTITY', 'NOBODY', () => PartialDate, ['YEAR'], 'Date of birth.')
  bornOn!: string | null
  @Governed('LOCATION', 'SUBJECT', () => [Address], [], 'Addresses.')
  addresses!: Address[] | null
  @Governed('HOLDING', 'NOBODY', () => [Lineage], [], 'Which source field said each value.')
  lineage!: Lineage[] | null
}

@ObjectType('CouncilEvent', { implements: ChronologyEventInterface, description: 'A letter.' })
@Key('id')
@SubjectIs('EVENT')
class CouncilEvent implements ChronologyEventInterface {
  @Field(() => ID, { description: 'Opaque.' })
  id!: string
  @Governed('INCIDENT', 'OTHERS', () => Text, [], 'What happened, in words.')
  summary!: Text | null
}

const NAME = { family: 'Tenant', given: ['Of', 'Record'], use: 'USUAL' as const }

const indexed = (source: SourceId): IndexedRecord => ({
  source,
  graphType: 'CouncilRecord',
  version: '1',
  recordedAt: '2026-01-01T00:00:00Z',
  traits: {
    ...{ names: [NAME], bornOn: ['1988-04-12'], postcodes: [], places: [] },
    ...{ phones: [], emails: [], identifiers: [], sex: null },
  },
  marks: NO_MARKS,
  deleted: false,
  replacedBy: null,
  unmappedCodes: [],
})

function townHall(agency: Adapter['agency']): Adapter {
  return {
    agency,
    changes: async function* ({ cohort }) {
      const records = cohort.map(indexed)
      yield { records, events: [], wishes: [], rejections: [], mark: '1' }
    },
    holds: async (people) => people.map(() => []),
    read: async (wanted) =>
      wanted.map(() => ({
        kind: 'found',
        data: {
          names: [{ family: NAME.family, given: NAME.given.join(' '), use: NAME.use }],
          bornOn: '1988-04-12',
          addresses: [{ lines: ['1 Town Square'], postcode: 'CW9 5AB', from: null, to: null }],
        },
        marks: NO_MARKS,
      })),
    probe: async () => undefined,
    replay: (source) => ({
      kind: 'rejected',
      rejection: { source, reason: 'NONE', field: null, outcome: 'QUARANTINE', raw: null },
    }),
    receive: async () => ({ applied: 0, rejections: [] }),
    close: async () => undefined,
  }
}

export const LOCAL_AUTHORITY: Kind = {
  kind: 'local-authority',
  transports: ['live'],
  graph: { records: [CouncilRecord], events: [CouncilEvent], others: [] },
  parseSettings: (settings) => settings,
  create: async ({ agency }) => townHall(agency),
}

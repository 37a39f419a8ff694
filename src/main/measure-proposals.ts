import { cohortOf, trueMatches } from '../../samples/population/index.js'
import type { World } from '../../samples/world.js'
import { proposeFrom } from '../matching/score.js'
import type { Hub } from './hub.js'

/** How open proposals compare with the truth: pairs of a person of the cohort and a record of another agency. */
export interface Measured {
  /** Open proposals that the traits bear out (from the weight on at which links are proposed), and those of them that are true. */
  readonly proposed: number
  readonly right: number
  /** Of these, records that an agency offered and that no referral had told of. */
  readonly offered: number
  readonly offeredRight: number
  /** Links that a referral told of and the traits do not bear out, and those of them that are true. */
  readonly toldOnly: number
  readonly toldOnlyRight: number
  /** True pairs, of agencies with no confirmed record of that person, that were not confirmed by people. */
  readonly toFind: number
}

/**
 * Precision (`right` of `proposed`) and recall (`right` of `toFind`) of what matching itself would show
 * people now, where the hub was loaded with this sample world. Proposals whose record is not in the index (yet, or any more) are
 * left out. Deleted and replaced records count as records to find.
 */
export async function measureProposals(hub: Hub, world: World): Promise<Measured> {
  const records = await hub.database.query<{ id: string; agency: string; source_id: string }>(
    'select id, agency, source_id from records.record',
  )
  const kindOf = new Map([...hub.agencies.values()].map((one) => [one.id, one.kind]))
  const known = new Map(
    records.map((row) => [`${kindOf.get(row.agency) ?? ''} ${row.source_id}`, row.id]),
  )
  const memberships = await hub.database.query<{ record_id: string; person_key: string }>(
    'select record_id, person_key from matching.membership',
  )
  const proposals = await hub.database.query<OpenProposal>(
    `select p.record_id, p.person_key, p.weight, r.maybe_until is not null as offered
     from matching.proposal p join records.record r on r.id = p.record_id where p.state = 'OPEN'`,
  )
  const personOf = new Map(memberships.map((row) => [row.record_id, row.person_key]))
  const truth = new Map<string, string>()
  const cohort = cohortOf(world)
  let toFind = 0
  for (const { personId, holdings } of trueMatches(world)) {
    if (!cohort.has(personId)) continue
    const theirs = holdings.map((one) => ({
      ...one,
      recordId: known.get(`${one.agency} ${one.sourceId}`) ?? null,
    }))
    const keyed = theirs.flatMap(({ agency, recordId }) => {
      const key = recordId === null ? undefined : personOf.get(recordId)
      return key === undefined ? [] : [{ agency, key }]
    })
    for (const { recordId } of theirs) if (recordId !== null) truth.set(recordId, personId)
    for (const key of new Set(keyed.map((one) => one.key))) {
      truth.set(key, personId)
      const held = new Set(keyed.filter((one) => one.key === key).map((one) => one.agency))
      toFind += theirs.filter(({ agency }) => !held.has(agency)).length
    }
  }
  const isRight = ({ record_id, person_key }: OpenProposal): boolean =>
    truth.has(record_id) && truth.get(record_id) === truth.get(person_key)
  const count = (of: (one: OpenProposal) => boolean) => {
    const found = proposals.filter(of)
    return { all: found.length, right: found.filter(isRight).length }
  }
  const borneOut = count((one) => one.weight >= proposeFrom)
  const offered = count((one) => one.weight >= proposeFrom && one.offered)
  const toldOnly = count((one) => one.weight < proposeFrom)
  return {
    proposed: borneOut.all,
    right: borneOut.right,
    offered: offered.all,
    offeredRight: offered.right,
    toldOnly: toldOnly.all,
    toldOnlyRight: toldOnly.right,
    toFind,
  }
}

interface OpenProposal {
  readonly record_id: string
  readonly person_key: string
  readonly weight: number
  readonly offered: boolean
}

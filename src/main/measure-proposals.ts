import { cohortOf, trueMatches } from '../../samples/population/index.js'
import type { World } from '../../samples/world.js'
import type { Hub } from './hub.js'

/** How open proposals compare with the truth: pairs of a person of the cohort and a record of another agency. */
export interface Measured {
  readonly proposed: number
  /** Open proposals that are true. */
  readonly right: number
  /** True pairs, of agencies with no confirmed record of that person, that were not confirmed by people. */
  readonly toFind: number
}

/**
 * Precision (`right` of `proposed`) and recall (`right` of `toFind`) of what is proposed now, where the
 * hub was loaded with this sample world. Deleted and replaced records count as records to find.
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
  const proposals = await hub.database.query<{ record_id: string; person_key: string }>(
    "select record_id, person_key from matching.proposal where state = 'OPEN'",
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
  const right = proposals.filter(
    (one) =>
      truth.get(one.record_id) !== undefined &&
      truth.get(one.record_id) === truth.get(one.person_key),
  ).length
  return { proposed: proposals.length, right, toFind }
}

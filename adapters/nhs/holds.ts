import type { Candidate, Traits } from '../../src/records/adapter.js'
import { escaped, type Query } from './bundle.js'
import { type MapRules, mapPatient } from './map-patient.js'
import { NHS_NUMBER_SYSTEM } from './nhs-number.js'
import type { Searches } from './search.js'
import type { Ask } from './source.js'

/**
 * "Do you hold someone like this?": by NHS number, by family name and date of birth, by postcode and
 * date of birth. What the server offers is compared again here, for a server that does not know a
 * parameter may answer with anybody.
 */
export async function findHeld(
  people: readonly Traits[],
  options: { readonly candidatesMax: number; readonly rules: MapRules },
  searches: Searches,
  ask: Ask,
): Promise<Candidate[][]> {
  const asked = people.map((person) => queriesFor(person))
  const found = await searches.all(asked.flat(), ask)
  let at = 0
  return people.map((person, index) => {
    const answers = found.slice(at, at + (asked[index]?.length ?? 0))
    at += answers.length
    const resources = answers.flatMap((answer) => (answer.kind === 'found' ? answer.resources : []))
    return rank(person, resources, options.rules).slice(0, options.candidatesMax)
  })
}

/** Most values of one kind of trait that a person is searched by. */
const valuesMax = 4

function queriesFor(person: Traits): Query[] {
  const numbers = nhsNumbersOf(person).slice(0, valuesMax)
  const exactDates = person.bornOn.filter((date) => date.length === 10).slice(0, valuesMax)
  const families = [...new Set(person.names.flatMap(({ family }) => family ?? []))]
  const queries: Query[] = []
  if (numbers.length > 0) {
    const identifier = numbers.map((value) => `${NHS_NUMBER_SYSTEM}|${value}`).join(',')
    queries.push({ type: 'Patient', params: { identifier } })
  }
  for (const birthdate of exactDates) {
    if (families.length > 0) {
      const family = families.slice(0, valuesMax).map(escaped).join(',')
      queries.push({ type: 'Patient', params: { family, birthdate } })
    }
    if (person.postcodes.length > 0) {
      const postcode = person.postcodes.slice(0, valuesMax).map(escaped).join(',')
      queries.push({ type: 'Patient', params: { 'address-postalcode': postcode, birthdate } })
    }
  }
  return queries
}

function nhsNumbersOf(person: Traits): string[] {
  return person.identifiers
    .filter(({ system, valid }) => system === 'NHS_NUMBER' && valid)
    .map(({ value }) => value)
}

function rank(person: Traits, resources: readonly unknown[], rules: MapRules): Candidate[] {
  const byId = new Map<string, { readonly candidate: Candidate; readonly agreement: number }>()
  for (const resource of resources) {
    const made = mapPatient(resource, rules)
    if (made.kind === 'rejected' || made.value.deleted) continue
    const { source, graphType, traits, version, recordedAt, marks } = made.value
    const agreement = agreementOf(person, traits)
    if (agreement < agreementMin) continue
    byId.set(source.id, {
      agreement,
      candidate: { source, graphType, traits, version, recordedAt, marks },
    })
  }
  return [...byId.values()]
    .sort(
      (a, b) =>
        b.agreement - a.agreement || (a.candidate.source.id < b.candidate.source.id ? -1 : 1),
    )
    .map(({ candidate }) => candidate)
}

/** An NHS number alone, or two of date of birth, name and postcode, make a candidate. */
const agreementMin = 4

function agreementOf(person: Traits, held: Traits): number {
  const numbers = new Set(nhsNumbersOf(held))
  const heldNames = held.names.map(({ family }) => normalName(family))
  const heldGiven = new Set(held.names.flatMap(({ given }) => given.map(normalName)))
  const isNumber = nhsNumbersOf(person).some((value) => numbers.has(value))
  const isBorn = person.bornOn.some((date) => held.bornOn.includes(date))
  const isFamily = person.names.some(
    ({ family }) => family !== null && heldNames.includes(normalName(family)),
  )
  const isGiven = person.names.some(({ given }) =>
    given.some((name) => heldGiven.has(normalName(name))),
  )
  const isPostcode = person.postcodes.some((postcode) => held.postcodes.includes(postcode))
  return (
    (isNumber ? 8 : 0) +
    (isBorn ? 2 : 0) +
    (isFamily ? 2 : 0) +
    (isPostcode ? 2 : 0) +
    (isGiven ? 1 : 0)
  )
}

/** For comparison only: no accents, case, apostrophes or hyphens. */
function normalName(name: string | null): string {
  return (name ?? '')
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase()
}

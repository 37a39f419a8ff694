import type { AgencyKind, Flaw, Holding, TrueAddress, TrueName, TruePerson } from '../world.js'
import { addDays, instantOn, later } from './dates.js'
import { mistypedNhsNumber, shortPncId } from './identifiers.js'
import { recordedBirthday, recordedName } from './mess.js'
import type { Random } from './random.js'
import type { Register } from './register.js'
import { drawSafeContact } from './safe-contact.js'

/** How an agency comes to hold a person. */
export interface Circumstance {
  /** The first day on which it can have been recorded. */
  readonly since: string
  readonly restricted?: boolean
  readonly note?: string | null
  readonly warnings?: readonly string[]
}

/** The records one agency holds of one person: mostly one, sometimes a duplicate or a merged one. */
export function drawHoldings(
  random: Random,
  register: Register,
  of: { readonly person: TruePerson; readonly agency: AgencyKind } & Circumstance,
): Holding[] {
  const first = drawHolding(random, register, of)
  const twin = random.weighted({ none: 945, duplicate: 25, merged: 25, deleted: 5 })
  if (twin === 'none') return [first]
  const second = drawHolding(random, register, of)
  switch (twin) {
    case 'duplicate':
      return [first, flawed(second, 'DUPLICATE')]
    case 'merged':
      return [
        flawed({ ...first, replacedBy: second.sourceId }, 'MERGED'),
        mergedInto(second, first),
      ]
    case 'deleted':
      return [first, flawed({ ...second, deleted: true }, 'DELETED')]
  }
}

const flawed = (holding: Holding, flaw: Flaw): Holding => ({
  ...holding,
  flaws: [...(holding.flaws ?? []), flaw],
})

/** A merged patient's old number goes on as superseded. */
function mergedInto(survivor: Holding, gone: Holding): Holding {
  const { nhsNumber } = gone
  if (survivor.agency !== 'nhs' || nhsNumber === null || nhsNumber === survivor.nhsNumber)
    return survivor
  return { ...survivor, supersededNhsNumbers: [...survivor.supersededNhsNumbers, nhsNumber] }
}

export function drawHolding(
  random: Random,
  register: Register,
  of: { readonly person: TruePerson; readonly agency: AgencyKind } & Circumstance,
): Holding {
  const { person, agency } = of
  const called = recordedName(random, person.names)
  const born = recordedBirthday(
    random,
    person.bornOn,
    agency === 'charity' ? 0.2 : agency === 'police' ? 0.04 : 0.005,
  )
  const lived = recordedAddresses(random, person, agency)
  const numbered = agency === 'nhs' ? recordedNhsNumber(random, register, person) : NOT_NUMBERED
  return {
    agency,
    personId: person.id,
    sourceId: register.sourceId(agency),
    recordedAt: recordedAt(random, register, of.since),
    names: [called.name, ...otherNames(random, person, called.name)],
    bornOn: born.bornOn,
    sex: random.chance(0.98) ? person.sex : null,
    addresses: lived.addresses,
    phones: person.phones.filter(() => random.chance(0.85)),
    emails: agency === 'police' ? [] : person.emails.filter(() => random.chance(0.7)),
    workplace: agency !== 'nhs' && random.chance(0.5) ? person.workplace : null,
    vehicle: agency === 'police' && random.chance(0.8) ? person.vehicle : null,
    gpPractice: agency === 'nhs' ? person.gpPractice : null,
    nhsNumber: numbered.nhsNumber,
    supersededNhsNumbers: numbered.supersededNhsNumbers,
    pncId: agency === 'police' ? recordedPncId(random, person) : null,
    nhsFlag: agency === 'nhs' ? (of.restricted || random.chance(0.004) ? 'R' : 'U') : null,
    warnings: of.warnings ?? [],
    replacedBy: null,
    deleted: false,
    language: person.language,
    safeContact: agency === 'charity' ? drawSafeContact(random) : null,
    note: of.note ?? null,
    school: agency === 'nhs' ? null : person.school,
    flaws: [...called.flaws, ...born.flaws, ...lived.flaws, ...numbered.flaws],
  }
}

function recordedAt(random: Random, register: Register, since: string): string {
  const latest = later(since, addDays(register.asOf, -1))
  const span = Math.max(0, Math.round((Date.parse(latest) - Date.parse(since)) / 86_400_000))
  return instantOn(addDays(since, random.int(0, span)), random.int(0, 1_439))
}

function otherNames(random: Random, person: TruePerson, recorded: TrueName): TrueName[] {
  return person.names
    .slice(1)
    .filter((name) => name.family !== recorded.family && random.chance(0.4))
}

/** Where an agency believes somebody to live: it hears of a move late, or not at all. */
function recordedAddresses(
  random: Random,
  person: TruePerson,
  agency: AgencyKind,
): { readonly addresses: readonly TrueAddress[]; readonly flaws: readonly Flaw[] } {
  if (random.chance(agency === 'charity' ? 0.15 : 0.02))
    return { addresses: [], flaws: ['ADDRESS_MISSING'] }
  const known = person.addresses.filter(({ kind }) => kind !== 'REFUGE' || agency === 'charity')
  const last = known[known.length - 1]
  const before = known[known.length - 2]
  if (last === undefined) return { addresses: [], flaws: ['ADDRESS_MISSING'] }
  if (before !== undefined && random.chance(0.18))
    return { addresses: [{ ...before, to: null }], flaws: ['MOVED'] }
  return { addresses: random.chance(0.4) ? known : [last], flaws: [] }
}

interface Numbered {
  readonly nhsNumber: string | null
  readonly supersededNhsNumbers: readonly string[]
  readonly flaws: readonly Flaw[]
}
const NOT_NUMBERED: Numbered = { nhsNumber: null, supersededNhsNumbers: [], flaws: [] }

function recordedNhsNumber(random: Random, register: Register, person: TruePerson): Numbered {
  switch (random.weighted({ right: 964, missing: 15, superseded: 15, mistyped: 6 })) {
    case 'missing':
      return { ...NOT_NUMBERED, flaws: ['NHS_NUMBER_MISSING'] }
    case 'superseded':
      return {
        nhsNumber: person.nhsNumber,
        supersededNhsNumbers: [register.nhsNumber()],
        flaws: ['NHS_NUMBER_SUPERSEDED'],
      }
    case 'mistyped':
      return {
        nhsNumber: mistypedNhsNumber(person.nhsNumber),
        supersededNhsNumbers: [],
        flaws: ['NHS_NUMBER_MISTYPED'],
      }
    case 'right':
      return { nhsNumber: person.nhsNumber, supersededNhsNumbers: [], flaws: [] }
  }
}

const recordedPncId = (random: Random, person: TruePerson): string | null =>
  person.pncId === null ? null : random.chance(0.15) ? shortPncId(person.pncId) : person.pncId

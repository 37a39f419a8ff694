import type { TrueAddress, TrueName, TruePerson, TruePlace } from '../world.js'
import { addDays, daysBetween, earlier, later } from './dates.js'
import { type Community, drawCommunity, familyName, givenName, nicknameOf } from './names.js'
import {
  asAddress,
  drawPlace,
  drawPractice,
  drawSchool,
  drawVehicle,
  drawWorkplace,
  NO_FIXED_ABODE,
} from './places.js'
import type { Random } from './random.js'
import type { Register } from './register.js'

/** What is already settled about a person to be drawn; everything else is left to chance. */
export interface Given {
  readonly sex?: 'female' | 'male'
  /** Years, both included; 17 to 88 unless said. */
  readonly age?: readonly [number, number]
  readonly bornOn?: string
  readonly community?: Community
  readonly family?: string
  /** Lives here, with whoever else was given the same place. */
  readonly home?: TruePlace
  readonly landline?: string
  /** People of cases have a mobile each, so far as there are numbers. */
  readonly inCase?: boolean
  readonly offender?: boolean
}

const LANGUAGES = ['pl', 'ro', 'ur', 'pa', 'so', 'uk', 'ar', 'zh', 'cy', 'ku'] as const

export function drawPerson(random: Random, register: Register, given: Given = {}): TruePerson {
  const { asOf } = register
  const sex = given.sex ?? random.pick(['female', 'male'] as const)
  const community = given.community ?? drawCommunity(random)
  const bornOn = given.bornOn ?? drawBirthday(random, asOf, given.age ?? [17, 88])
  const adult = daysBetween(bornOn, asOf) > 17 * 365.25
  const age = daysBetween(bornOn, asOf) / 365.25
  const names = drawNames(random, {
    sex,
    community,
    family: given.family ?? familyName(random, community),
    adult,
  })
  const usual = names[0] ?? { given: [], family: '', use: 'USUAL' as const }
  const id = register.personId()
  return {
    id,
    sex: random.chance(0.004) ? 'other' : sex,
    bornOn,
    diedOn: null,
    names,
    addresses: drawAddresses(random, { bornOn, asOf, home: given.home }),
    phones: drawPhones(random, register, { adult, given }),
    emails: adult && random.chance(0.6) ? [emailOf(usual, id)] : [],
    handles:
      adult && random.chance(0.25) ? [`${plain(usual.given[0] ?? '')}_${random.int(10, 999)}`] : [],
    workplace:
      adult && age < 67 && random.chance(0.6)
        ? drawWorkplace(random, familyName(random, community))
        : null,
    school: age >= 4 && age < 18 ? drawSchool(random) : null,
    vehicle: adult && random.chance(0.5) ? drawVehicle(random) : null,
    gpPractice: random.chance(0.95) ? drawPractice(random) : null,
    nhsNumber: register.nhsNumber(),
    pncId: given.offender
      ? register.pncId(
          Number(
            later(addDays(asOf, -365 * random.int(0, 15)), addDays(bornOn, 365 * 14)).slice(0, 4),
          ),
        )
      : null,
    language: random.chance(0.04) ? random.pick(LANGUAGES) : null,
  }
}

export function drawBirthday(random: Random, asOf: string, age: readonly [number, number]): string {
  return addDays(asOf, -Math.floor(random.int(age[0], age[1]) * 365.25) - random.int(1, 364))
}

function drawNames(
  random: Random,
  of: {
    readonly sex: 'female' | 'male'
    readonly community: Community
    readonly family: string
    readonly adult: boolean
  },
): TrueName[] {
  const first = givenName(random, of.community, of.sex)
  const given = random.chance(0.45) ? [first, givenName(random, of.community, of.sex)] : [first]
  const names: TrueName[] = [{ given, family: of.family, use: 'USUAL' }]
  if (of.adult && of.sex === 'female' && random.chance(0.3))
    names.push({ given, family: familyName(random, of.community), use: 'MAIDEN' })
  const short = nicknameOf(random, first)
  if (short !== null && random.chance(0.5))
    names.push({ given: [short], family: of.family, use: 'NICKNAME' })
  if (of.adult && random.chance(0.02))
    names.push({
      given: [givenName(random, of.community, of.sex)],
      family: familyName(random, of.community),
      use: 'ALIAS',
    })
  return names
}

/** One to four homes, oldest first; one person in a hundred now has none. */
function drawAddresses(
  random: Random,
  of: { readonly bornOn: string; readonly asOf: string; readonly home: TruePlace | undefined },
): TrueAddress[] {
  const moves = of.home ? random.int(0, 1) : Math.max(0, random.int(-1, 3))
  const addresses: TrueAddress[] = []
  let from = later(of.bornOn, addDays(of.asOf, -random.int(3_000, 6_000)))
  for (let i = 0; i < moves; i++) {
    const to = earlier(addDays(from, random.int(200, 1_400)), addDays(of.asOf, -30))
    if (to <= from) break
    addresses.push(asAddress(drawPlace(random), { from, to }))
    from = to
  }
  if (of.home) addresses.push(asAddress(of.home, { from, to: null }))
  else if (random.chance(0.01))
    addresses.push(asAddress(NO_FIXED_ABODE, { from, to: null, kind: 'NO_FIXED_ABODE' }))
  else addresses.push(asAddress(drawPlace(random), { from, to: null }))
  return addresses
}

function drawPhones(
  random: Random,
  register: Register,
  of: { readonly adult: boolean; readonly given: Given },
): string[] {
  const phones: string[] = []
  if (of.adult && of.given.inCase) phones.push(register.mobile())
  else if (of.adult && random.chance(0.8)) phones.push(register.landline())
  if (of.given.landline !== undefined) phones.push(of.given.landline)
  return phones
}

function emailOf(name: TrueName, id: string): string {
  return `${plain(name.given[0] ?? '')}.${plain(name.family)}${Number(id.slice(2))}@example.org`
}

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '') || 'someone'

import type { TrueAddress, TruePerson, TruePlace } from '../world.js'
import { at, type Random } from './random.js'

/** Invented towns, streets and employers; postcodes are well formed, their last halves invented. */

const list = (text: string): readonly string[] => text.split(' ')

/** Town and the outward codes in use there. */
const TOWNS: readonly { readonly town: string; readonly outward: readonly string[] }[] = [
  ['Averleigh', 'CH1 CH2 CH3 CH4'],
  ['Marbrook', 'CW1 CW2'],
  ['Thornwich', 'CW8 CW9'],
  ['Eddlesbury', 'CW6 CW7'],
  ['Weaverton', 'WA6 WA7'],
  ['Saltersford', 'WA1 WA2 WA4'],
  ['Penhurst', 'WA13 WA16'],
  ['Merrow Docks', 'L1 L3 L8'],
  ['Aigwood', 'L17 L18 L19'],
  ['Kirkstead', 'L32 L33'],
  ['Wirrawell', 'CH41 CH43 CH45'],
  ['Hoylestone', 'CH47 CH48'],
  ['Irkdale', 'M8 M9 M24'],
  ['Castlemoor', 'M1 M3 M15'],
  ['Didswell', 'M20 M21'],
  ['Stretham', 'M32 M33'],
  ['Ellesworth', 'CH65 CH66'],
  ['Pemberford', 'WN3 WN5'],
  ['Raincliffe', 'WA9 WA10'],
  ['Tatterley', 'SK9 SK11'],
].map(([town = '', outward = '']) => ({ town, outward: list(outward) }))

const STREETS = list(
  'Alder Bramley Canal Dovecote Elder Ferry Garden Harvest Ivy Juniper Kiln Larch Mill Nettle Orchard Paddock Quarry Rowan Saddler Tanner Upper Vale Water Yarrow Almond Beacon Chapel Drovers Ember Foundry Gable Heron Ironmonger Jubilee Kestrel Linnet Maltings Nightingale Osprey Parsonage',
)
const WAYS = list('Street Road Close Avenue Lane Terrace Drive Grove Court Way')
const TRADES = list(
  'Bakery Logistics Dental Accountants Printing Garage Nursery Housing Textiles Catering Pharmacy Software Joinery Veterinary Builders Insurance',
)
const UNIT_LETTERS = 'ABDEFGHJLNPQRSTUWXYZ'

export const TOWN_NAMES: readonly string[] = TOWNS.map(({ town }) => town)

export function drawPlace(random: Random): TruePlace {
  const { town, outward } = random.pick(TOWNS)
  const flat = random.chance(0.15) ? [`Flat ${random.int(1, 24)}`] : []
  const street = `${random.int(1, 199)} ${random.pick(STREETS)} ${random.pick(WAYS)}`
  return { lines: [...flat, street, town], postcode: drawPostcode(random, random.pick(outward)) }
}

function drawPostcode(random: Random, outward: string): string {
  return `${outward} ${inward(random.int(0, 3_999))}`
}

/** One of the 4,000 last halves of a postcode. */
export function inward(n: number): string {
  const letters = UNIT_LETTERS.charAt(Math.floor(n / 20) % 20) + UNIT_LETTERS.charAt(n % 20)
  return `${Math.floor(n / 400) % 10}${letters}`
}

export function drawWorkplace(random: Random, owner: string): TruePlace {
  const place = drawPlace(random)
  return {
    lines: [`${owner} ${random.pick(TRADES)}`, ...place.lines.slice(-2)],
    postcode: place.postcode,
  }
}

export function drawSchool(random: Random): TruePlace {
  const place = drawPlace(random)
  const kind = random.pick(['Primary School', 'Academy', 'High School', 'Church of England School'])
  return {
    lines: [`${random.pick(STREETS)} ${random.pick(WAYS)} ${kind}`, ...place.lines.slice(-1)],
    postcode: place.postcode,
  }
}

export const NO_FIXED_ABODE: TruePlace = { lines: ['No fixed abode'], postcode: 'ZZ99 3VZ' }

export function asAddress(
  place: TruePlace,
  span: { readonly from: string; readonly to: string | null; readonly kind?: TrueAddress['kind'] },
): TrueAddress {
  return { ...place, from: span.from, to: span.to, kind: span.kind ?? 'HOME' }
}

/** Two places are one where first line and postcode agree. */
export const samePlace = (a: TruePlace, b: TruePlace): boolean => placeKey(a) === placeKey(b)
export const placeKey = (place: TruePlace): string =>
  `${(place.lines[0] ?? '').toLowerCase()}|${place.postcode ?? ''}`

/** ODS codes that no practice bears. */
export function drawPractice(random: Random): NonNullable<TruePerson['gpPractice']> {
  const n = random.int(0, 59)
  return {
    odsCode: `X99${String(n).padStart(3, '0')}`,
    name: `${at(STREETS, n % STREETS.length)} ${n < 40 ? 'Surgery' : 'Medical Centre'}`,
  }
}

/** Registrations with Q among the first two letters are not issued in this form. */
export function drawVehicle(random: Random): NonNullable<TruePerson['vehicle']> {
  const letter = () => random.pick(list('A B C D E F G H J K L M N P R S T U V W X Y'))
  const registration = `Q${letter()}${random.int(10, 25)} ${letter()}${letter()}${letter()}`
  const description = `${random.pick(list('silver blue black white red grey'))} ${random.pick(list('hatchback estate van saloon'))}`
  return { registration, description }
}

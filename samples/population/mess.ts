import type { Flaw, TrueName } from '../world.js'
import { nicknameOf } from './names.js'
import type { Random } from './random.js'

/** What happens to a name and a birth date between a person and a record. */

/** The name as a clerk heard it; the flaw says how it differs from the usual one. */
export function recordedName(
  random: Random,
  names: readonly TrueName[],
): { readonly name: TrueName; readonly flaws: readonly Flaw[] } {
  const usual = names[0] ?? { given: [], family: '', use: 'USUAL' as const }
  const maiden = names.find(({ use }) => use === 'MAIDEN')
  switch (
    random.weighted({ right: 72, misspelt: 11, nickname: 8, maiden: 5, swapped: 1, unaccented: 3 })
  ) {
    case 'misspelt':
      return random.chance(0.6)
        ? { name: { ...usual, family: misspelt(random, usual.family) }, flaws: ['MISSPELLED'] }
        : {
            name: {
              ...usual,
              given: usual.given.map((name, i) => (i === 0 ? misspelt(random, name) : name)),
            },
            flaws: ['MISSPELLED'],
          }
    case 'nickname':
      return nicknamed(random, usual)
    case 'maiden':
      return maiden
        ? { name: { ...maiden, use: 'USUAL' }, flaws: ['MAIDEN_NAME'] }
        : { name: usual, flaws: [] }
    case 'swapped':
      return {
        name: { given: [usual.family], family: usual.given[0] ?? usual.family, use: 'USUAL' },
        flaws: ['NAMES_SWAPPED'],
      }
    case 'unaccented':
      return unaccented(usual)
    case 'right':
      return { name: usual, flaws: [] }
  }
}

function nicknamed(
  random: Random,
  usual: TrueName,
): { readonly name: TrueName; readonly flaws: readonly Flaw[] } {
  const short = nicknameOf(random, usual.given[0] ?? '')
  return short === null
    ? { name: usual, flaws: [] }
    : { name: { ...usual, given: [short] }, flaws: ['NICKNAME'] }
}

function unaccented(usual: TrueName): { readonly name: TrueName; readonly flaws: readonly Flaw[] } {
  const name = { ...usual, given: usual.given.map(toAscii), family: toAscii(usual.family) }
  const same =
    name.family === usual.family && name.given.every((given, i) => given === usual.given[i])
  return { name, flaws: same ? [] : ['UNACCENTED'] }
}

const toAscii = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ł/g, 'l')
    .replace(/Ł/g, 'L')
    .replace(/ı/g, 'i')

/** One slip: two letters swapped, one lost, doubled, or heard as another. */
export function misspelt(random: Random, name: string): string {
  const letters = [...name]
  if (letters.length < 3) return `${name}e`
  const i = random.int(1, letters.length - 2)
  const here = letters[i] ?? ''
  const after = letters[i + 1] ?? ''
  const start = letters.slice(0, i).join('')
  const end = letters.slice(i + 2).join('')
  switch (random.weighted({ swap: 3, drop: 3, double: 2, heard: 3 })) {
    case 'swap':
      return here === after ? `${start}${here}${end}` : `${start}${after}${here}${end}`
    case 'drop':
      return `${start}${after}${end}`
    case 'double':
      return `${start}${here}${here}${after}${end}`
    case 'heard':
      return `${start}${HEARD_AS[here] ?? `${here}e`}${after}${end}`
  }
}
const HEARD_AS: Readonly<Record<string, string>> = {
  i: 'y',
  y: 'i',
  c: 'k',
  k: 'c',
  s: 'z',
  e: 'a',
  a: 'e',
  o: 'u',
  f: 'ph',
  m: 'n',
  n: 'm',
  t: 'd',
}

/** The birth date as it stands in a record; `gaps` is how often it is missing. */
export function recordedBirthday(
  random: Random,
  bornOn: string,
  gaps: number,
): { readonly bornOn: string | null; readonly flaws: readonly Flaw[] } {
  if (random.chance(gaps)) return { bornOn: null, flaws: ['BIRTH_DATE_MISSING'] }
  const [year = '', month = '', day = ''] = bornOn.split('-')
  switch (
    random.weighted({ right: 905, swapped: 25, digit: 30, firstOfJanuary: 25, impossible: 15 })
  ) {
    case 'swapped':
      return Number(day) <= 12 && day !== month
        ? { bornOn: `${year}-${day}-${month}`, flaws: ['BIRTH_DATE_SWAPPED'] }
        : { bornOn, flaws: [] }
    case 'digit':
      return {
        bornOn: `${Number(year) - random.pick([1, 10])}-${month}-${day === '29' ? '28' : day}`,
        flaws: ['BIRTH_DATE_WRONG'],
      }
    case 'firstOfJanuary':
      return { bornOn: `${year}-01-01`, flaws: ['BIRTH_DATE_WRONG'] }
    case 'impossible':
      return { bornOn: `${year}-02-31`, flaws: ['BIRTH_DATE_IMPOSSIBLE'] }
    case 'right':
      return { bornOn, flaws: [] }
  }
}

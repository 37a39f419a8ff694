import type { Traits } from '../../src/records/adapter.js'

/** Goes up whenever the keys of the same traits change: the store then makes all of them anew. */
export const KEYS_VERSION = 1

/** A key under which a nominal is found, with how much it says when two have it in common. */
export interface SearchKey {
  readonly key: string
  readonly weight: number
}

/** For comparison only: without accents, case, apostrophes, hyphens and spaces. */
function folded(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]/gu, '')
}

/**
 * The keys of one person's traits, each a pair that seldom agrees by chance. Finding is generous, since
 * matching scores what was found. Day and month are also read the other way round.
 */
export function searchKeys(traits: Traits): readonly SearchKey[] {
  const families = distinct(traits.names.map((name) => folded(name.family ?? '')))
  const givens = distinct(traits.names.map((name) => folded(name.given[0] ?? '')))
  const born = traits.bornOn.filter((date) => date.length === 'YYYY-MM-DD'.length)
  const swapped = born.map((date) => date.replace(/-(\d\d)-(\d\d)$/, '-$2-$1'))
  const pairs = (name: string, weight: number, one: readonly string[], other: readonly string[]) =>
    one.flatMap((a) => other.map((b) => ({ key: JSON.stringify([name, a, b]), weight })))
  const all = [
    ...traits.identifiers
      .filter((identifier) => identifier.valid)
      .map(({ system, value }) => ({ key: JSON.stringify(['id', system, value]), weight: 10 })),
    ...pairs('phone', 5, [''], traits.phones),
    ...pairs(
      'email',
      5,
      [''],
      traits.emails.map((email) => email.toLowerCase()),
    ),
    ...pairs('family-born', 4, families, born),
    ...pairs('given-born', 4, givens, born),
    ...pairs('family-born', 3, families, swapped),
    ...pairs('given-born', 3, givens, swapped),
    ...pairs('born-postcode', 4, born, traits.postcodes),
    ...pairs('family-postcode', 3, families, traits.postcodes),
    ...pairs('given-postcode', 3, givens, traits.postcodes),
    ...pairs('given-family', 2, givens, families),
    ...pairs('given-family', 2, families, givens),
  ]
  const best = new Map<string, number>()
  for (const { key, weight } of all) best.set(key, Math.max(weight, best.get(key) ?? 0))
  return [...best].map(([key, weight]) => ({ key, weight }))
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].filter((value) => value !== '')
}

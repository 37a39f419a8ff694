import type { SampleClient } from './format.js'

/** "Do you hold someone like this?", as a small charity's system would answer it. */

export interface Sought {
  readonly names: readonly { readonly given: string | null; readonly family: string | null }[]
  readonly birthDates: readonly string[]
  readonly postcodes: readonly string[]
  readonly phones: readonly string[]
  readonly emails: readonly string[]
}

/** From this score on a client is offered. */
const scoreMin = 3

const letters = (text: string | null): string =>
  (text ?? '')
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase()
const firstOf = (given: string | null): string =>
  letters((given ?? '').trim().split(/\s+/)[0] ?? '')
const bare = (text: string): string => text.replace(/\s+/g, '').toUpperCase()
/** The last nine digits: the same with and without the country's prefix. */
const dialled = (phone: string): string => phone.replace(/\D/g, '').slice(-9)

function nameScore(client: SampleClient, sought: Sought): number {
  const scores = client.names.flatMap((held) =>
    sought.names.map((asked) => {
      const [one, other] = [letters(held.family), letters(asked.family)]
      const family =
        one === '' || other === ''
          ? 0
          : one === other
            ? 2
            : one.slice(0, 3) === other.slice(0, 3)
              ? 1
              : 0
      const given =
        firstOf(held.given) !== '' &&
        firstOf(held.given).slice(0, 3) === firstOf(asked.given).slice(0, 3)
          ? 1
          : 0
      return family + given
    }),
  )
  return Math.max(0, ...scores)
}

function scoreOf(client: SampleClient, sought: Sought): number {
  const held = (system: string): readonly string[] =>
    client.contacts.filter((it) => it.system === system).map((it) => it.value)
  const shares = (
    one: readonly string[],
    other: readonly string[],
    form: (text: string) => string,
  ): boolean => one.some((it) => other.some((that) => form(it) !== '' && form(it) === form(that)))
  const postcodes = client.addresses.map((it) => it.postcode ?? '')
  return (
    nameScore(client, sought) +
    (client.birthDate !== null && sought.birthDates.includes(client.birthDate) ? 3 : 0) +
    (shares(postcodes, sought.postcodes, bare) ? 1 : 0) +
    (shares(held('phone'), sought.phones, dialled) ? 3 : 0) +
    (shares(held('email'), sought.emails, (it) => it.trim().toLowerCase()) ? 3 : 0)
  )
}

/** The clients most like the one sought, best first; deleted and merged ones are not offered. */
export function search(
  clients: Iterable<SampleClient>,
  sought: Sought,
  limit: number,
): readonly SampleClient[] {
  return [...clients]
    .filter((it) => !it.isDeleted && it.mergedInto === null)
    .map((client) => ({ client, score: scoreOf(client, sought) }))
    .filter((it) => it.score >= scoreMin)
    .sort(
      (one, other) =>
        other.score - one.score || (one.client.caseNumber < other.client.caseNumber ? -1 : 1),
    )
    .slice(0, limit)
    .map((it) => it.client)
}

/** What no `text` and no `jsonb` of PostgreSQL can hold: NUL, and half of a surrogate pair. */
const UNSTORABLE = /[\0\p{Surrogate}]/u

/** Whether all text in a value that JSON can carry, names of fields too, can be stored. However deep it is. */
export function isStorable(value: unknown): boolean {
  const left = [value]
  while (left.length > 0) {
    const one = left.pop()
    if (typeof one === 'string' && UNSTORABLE.test(one)) return false
    if (typeof one !== 'object' || one === null) continue
    for (const [key, inner] of Object.entries(one)) left.push(key, inner)
  }
  return true
}

/** The same text with what cannot be stored replaced. */
export const storable = (text: string): string => text.replace(/[\0\p{Surrogate}]/gu, '\ufffd')

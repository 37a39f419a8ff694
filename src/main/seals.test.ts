import { randomBytes } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { makeSeals } from './seals.js'

const seals = makeSeals({
  cursors: randomBytes(32),
  texts: randomBytes(32),
  pseudonyms: randomBytes(32),
})

describe('a sealed text', () => {
  test('is read by whom it was sealed for, looks different each time and tells nothing', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.string(), (text, about) => {
        const [one, other] = [seals.seal(text, about), seals.seal(text, about)]
        expect(one).not.toBe(other)
        expect(one).not.toContain(text)
        expect(seals.unseal(one, about)).toBe(text)
        expect(seals.tryUnseal(one, `${about}.`)).toBeNull()
      }),
    )
  })

  test('is refused where a byte of it was changed or it was cut short, wherever', () => {
    const sealed = Buffer.from(seals.seal('a position', 'about'), 'base64url')
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
      expect(seals.tryUnseal(changed.toString('base64url'), 'about')).toBeNull()
      expect(seals.tryUnseal(sealed.subarray(0, at).toString('base64url'), 'about')).toBeNull()
    }
    expect(() => seals.unseal('nonsense', 'about')).toThrow()
  })
})

test('a person has a pseudonym for each agency, the same each time and none of another', () => {
  expect(seals.pseudonym('p', 'a')).toBe(seals.pseudonym('p', 'a'))
  expect(seals.pseudonym('p', 'a')).not.toBe(seals.pseudonym('p', 'b'))
  expect(seals.pseudonym('p', 'a')).not.toBe(seals.pseudonym('q', 'a'))
})

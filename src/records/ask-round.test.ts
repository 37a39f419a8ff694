import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Detail, NO_MARKS, type Wanted } from './adapter.js'
import { AskRounds } from './ask-round.js'

const want = (id: string): Wanted => ({
  source: { type: 't', id },
  graphType: 'T',
  fields: new Set(['names']),
})
const found = ({ source }: Wanted): Detail => ({
  kind: 'found',
  data: { id: source.id },
  marks: NO_MARKS,
})
const turns = async (count: number) => {
  for (let at = 0; at < count; at += 1) await Promise.resolve()
}

test('whoever is quicker, each agency is called once, and everybody gets what they asked for', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          turns: fc.nat(8),
          agencies: fc.subarray(['c', 'a', 'b']),
          leaves: fc.boolean(),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      async (takers) => {
        const calls: string[] = []
        const rounds = new AskRounds((agency, wanted) => {
          calls.push(agency)
          return Promise.resolve(wanted.map(found))
        })
        const asked = takers.map(async (taker, at) => {
          const taking = rounds.join()
          await turns(taker.turns)
          if (taker.leaves) return taking.leave()
          const wanted = new Map(taker.agencies.map((one) => [one, [want(`${one}${at}`)]]))
          const answers = await taking.ask(wanted)
          for (const one of taker.agencies)
            expect(answers.get(one)).toEqual([found(want(`${one}${at}`))])
        })
        await Promise.all(asked)
        const agencies = takers.flatMap((one) => (one.leaves ? [] : one.agencies))
        expect(calls).toEqual([...new Set(agencies)].sort())
      },
    ),
  ))

test('who comes after a round has begun is in the next one', async () => {
  const calls: number[] = []
  const rounds = new AskRounds((_agency, wanted) => {
    calls.push(wanted.length)
    return Promise.resolve(wanted.map(found))
  })
  await rounds.join().ask(new Map([['a', [want('1'), want('2')]]]))
  await rounds.join().ask(new Map([['a', [want('3')]]]))
  expect(calls).toEqual([2, 1])
})

test('an agency that fails fails those who asked it', async () => {
  const rounds = new AskRounds(() => Promise.reject(new Error('no')))
  const [one, other] = [rounds.join(), rounds.join()]
  const asked = [one.ask(new Map([['a', [want('1')]]])), other.ask(new Map())]
  await expect(Promise.all(asked)).rejects.toThrow('no')
})

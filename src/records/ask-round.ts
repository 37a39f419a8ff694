import type { Detail, Wanted } from './adapter.js'

/** Asks one agency for all of these; an agency that cannot be asked gives nothing. */
export type CallAgency = (agency: string, wanted: readonly Wanted[]) => Promise<readonly Detail[]>

type ByAgency<Value> = ReadonlyMap<string, readonly Value[]>

/**
 * The asks of one fetch, gathered until everybody who takes part has said what they want: each agency is
 * then called once, in the order of names. Who shares a call does not depend on who was quicker, so how
 * often an agency is called tells nothing but what is asked for.
 */
export class AskRounds {
  private current: Round | null = null

  constructor(private readonly call: CallAgency) {}

  /**
   * Takes part in the round that is gathering. Must be called before anything is waited for; whoever has
   * joined must ask or leave.
   */
  join(): Taking {
    const round = this.current ?? new Round(this.call)
    this.current = round
    round.joined += 1
    let isDone = false
    const done = () => {
      if (isDone) return
      isDone = true
      round.joined -= 1
      if (round.joined > 0) return
      if (this.current === round) this.current = null
      round.begin()
    }
    return {
      ask: (wanted) => {
        const answers = round.add(wanted)
        done()
        return answers
      },
      leave: done,
    }
  }
}

/** One place in a round. */
export interface Taking {
  /** What each agency answers, in the order asked; short where it could not be asked. Asks once. */
  ask(wanted: ByAgency<Wanted>): Promise<ByAgency<Detail>>
  /** Wants nothing; does nothing after an ask. */
  leave(): void
}

class Round {
  joined = 0
  begin!: () => void
  private readonly wanted = new Map<string, Wanted[]>()
  private readonly answers: Promise<ByAgency<Detail>>

  constructor(call: CallAgency) {
    this.answers = new Promise<void>((resolve) => {
      this.begin = resolve
    }).then(async () => {
      const agencies = [...this.wanted].sort(([one], [other]) => (one < other ? -1 : 1))
      const answered = agencies.map(
        async ([agency, wanted]) => [agency, await call(agency, wanted)] as const,
      )
      return new Map(await Promise.all(answered))
    })
  }

  async add(wanted: ByAgency<Wanted>): Promise<ByAgency<Detail>> {
    const places = [...wanted].map(([agency, list]) => {
      const all = this.wanted.get(agency) ?? []
      this.wanted.set(agency, all)
      const from = all.length
      all.push(...list)
      return { agency, from, to: from + list.length }
    })
    const answers = await this.answers
    return new Map(
      places.map(({ agency, from, to }) => [agency, (answers.get(agency) ?? []).slice(from, to)]),
    )
  }
}

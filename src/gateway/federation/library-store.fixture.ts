import {
  buildASTSchema,
  GraphQLError,
  isInterfaceType,
  isObjectType,
  isUnionType,
  parse,
} from 'graphql'

export interface Ref {
  readonly __typename: string
  readonly id: string
}
type Resolve = (ref: Ref, args: Record<string, unknown>) => unknown

const ITEMS = ['b1', 'b2', 'b3', 'b4', 'f1', 'f2', 'f3']
const READERS = ['r1', 'r2', 'r3', 'r4']
const AUTHORS = ['uk-1', 'uk-2', 'fr-1']

/**
 * The library's records. Some are made to fail, always the same ones: `f2` has no title, `b3` no stars
 * (an error), `r3` no limit (an error in a field that is never null), `r4` is not known to the reviews
 * (an error for the whole entity), `fr-1` lives in no street (a null in a field that is never null),
 * `f3` is not known to the loans (a null entity).
 */
export class Library {
  readonly titles = new Map<string, string | null>(
    ITEMS.map((id) => [id, id === 'f2' ? null : `Title of ${id}`]),
  )
  readonly tags = new Map<string, string[]>(
    ITEMS.map((id, at) => [id, ['old', `t${at}`].slice(at % 3)]),
  )
  readonly loans = new Map<string, { item: string; reader: string | null }>([
    ['l1', { item: 'b1', reader: 'r1' }],
    ['l2', { item: 'f1', reader: 'r2' }],
    ['l3', { item: 'b1', reader: 'r3' }],
    ['l4', { item: 'b2', reader: null }],
    ['l5', { item: 'b3', reader: 'r4' }],
    ['l6', { item: 'f2', reader: 'r1' }],
  ])

  entities(subgraph: string, representations: readonly unknown[]): unknown[] {
    return representations.map((given) => {
      const { __typename, id, country, number } = given as Record<string, unknown> // the test's own subgraph: trusted input
      const ref = { __typename: String(__typename), id: String(id ?? `${country}-${number}`) }
      if (subgraph === 'reviews' && ref.id === 'r4')
        return new GraphQLError('reviews do not know r4', { extensions: { code: 'NOT_FOUND' } })
      return subgraph === 'loans' && ref.id === 'f3' ? null : ref
    })
  }

  /** The resolvers of those fields that a schema has. */
  resolversFor(sdl: string): Record<string, Record<string, unknown>> {
    const types = buildASTSchema(parse(sdl), { assumeValidSDL: true }).getTypeMap()
    const resolvers: Record<string, Record<string, unknown>> = {}
    for (const type of Object.values(types)) {
      if (isInterfaceType(type) || isUnionType(type)) {
        resolvers[type.name] = { __resolveType: ({ __typename }: Ref) => __typename }
      } else if (isObjectType(type) && !type.name.startsWith('__')) {
        const known = this.#fields(type.name)
        const own = Object.keys(type.getFields()).flatMap((name) =>
          known[name] ? [[name, known[name]]] : [],
        )
        resolvers[type.name] = Object.fromEntries(own)
      }
    }
    return resolvers
  }

  #fields(type: string): Record<string, Resolve | undefined> {
    switch (type) {
      case 'Query':
        return this.#queries()
      case 'Mutation':
        return this.#mutations()
      case 'Book':
      case 'Film':
        return this.#itemFields()
      case 'Author':
        return {
          country: ({ id }) => id.split('-')[0],
          number: ({ id }) => Number(id.split('-')[1]),
          name: ({ id }) => `Author ${id}`,
          home: ({ id }) => (id === 'uk-2' ? null : { __typename: 'Place', id }),
          works: ({ id }, { first }) =>
            ITEMS.filter((item) => authorOf(item) === id)
              .slice(0, Number(first ?? 9))
              .map(itemRef),
          stars: ({ id }) => id.length + 0.5,
        }
      case 'Place':
        return {
          town: ({ id }) => `Town ${id}`,
          street: ({ id }) => (id === 'fr-1' ? null : `Street ${id}`),
        }
      case 'Loan':
        return {
          item: ({ id }) => itemRef(this.loans.get(id)?.item ?? 'b1'),
          reader: ({ id }) => readerRef(this.loans.get(id)?.reader ?? null),
          until: ({ id }) => `2026-01-0${id.slice(1)}`,
        }
      case 'Reader':
        return {
          name: ({ id }) => `Reader ${id}`,
          limit: ({ id }) =>
            id === 'r3' ? failing('no limit is known') : Number(id.slice(1)) * 10,
          loans: ({ id }) => this.#loansWhere((loan) => loan.reader === id),
          reviews: ({ id }) =>
            id === 'r4'
              ? failing('reviews do not know r4')
              : ITEMS.filter((item) => reviewerOf(item) === id).map((item) => reviewRef(item, 1)),
        }
      case 'Review':
        return {
          by: ({ id }) => readerRef(reviewerOf(id.split(':')[0] ?? '')),
          text: ({ id }) => `Review ${id}`,
          about: ({ id }) => itemRef(id.split(':')[0] ?? ''),
          mood: ({ id }) => [[id.length, 2], null, []],
        }
      default:
        return {}
    }
  }

  #queries(): Record<string, Resolve> {
    return {
      item: (_, { id }) => (ITEMS.includes(String(id)) ? itemRef(String(id)) : null),
      items: (_, { kinds }) =>
        ITEMS.map(itemRef).filter(
          ({ __typename }) => !Array.isArray(kinds) || kinds.includes(__typename.toUpperCase()),
        ),
      book: (_, { id }) =>
        ITEMS.includes(String(id)) && String(id).startsWith('b') ? itemRef(String(id)) : null,
      shelf: () => [[itemRef('b1'), null, itemRef('f1')], [], [itemRef('b2'), itemRef('b1')]],
      search: (_, { text }) => [
        null,
        ...ITEMS.filter((id) => id.includes(String(text))).map(itemRef),
        ...AUTHORS.map(authorRef),
      ],
      reader: (_, { id }) => (READERS.includes(String(id)) ? readerRef(String(id)) : null),
      loans: (_, { first }) => this.#loansWhere(() => true).slice(0, Number(first ?? 9)),
    }
  }

  #mutations(): Record<string, Resolve> {
    return {
      rename: (_, { id, input }) => {
        const { title, note } = input as Record<string, string> // coerced by the schema
        if (!this.titles.has(String(id))) return failing('there is no such item')
        this.titles.set(String(id), `${title} (${note})`)
        return itemRef(String(id))
      },
      addTag: (_, { id, tag }) => {
        const tags = [...(this.tags.get(String(id)) ?? []), String(tag)]
        this.tags.set(String(id), tags)
        return tags
      },
      lend: (_, { item, reader }) => {
        const id = `l${this.loans.size + 1}`
        this.loans.set(id, { item: String(item), reader: String(reader) })
        return { __typename: 'Loan', id }
      },
      giveBack: (_, { loan }) => this.loans.delete(String(loan)),
    }
  }

  #itemFields(): Record<string, Resolve> {
    return {
      title: ({ id }) => this.titles.get(id),
      kind: ({ __typename }) => __typename.toUpperCase(),
      pages: ({ id }) => Number(id.slice(1)) * 100,
      minutes: ({ id }) => Number(id.slice(1)) * 30,
      tags: ({ id }) => this.tags.get(id),
      sequel: ({ id }) =>
        id === 'b3' ? null : itemRef(ITEMS[(ITEMS.indexOf(id) + 1) % ITEMS.length] ?? 'b1'),
      related: ({ id }) =>
        id === 'b4' ? null : ITEMS.filter((_, at) => at % 3 === ITEMS.indexOf(id) % 3).map(itemRef),
      author: ({ id }) => (id === 'f3' ? null : authorRef(authorOf(id))),
      copies: ({ id }) => (id === 'f3' ? null : Number(id.slice(1))),
      loans: ({ id }) => (id === 'f3' ? null : this.#loansWhere(({ item }) => item === id)),
      reviews: ({ id }, { min }) =>
        [1, 2, 3].filter((stars) => stars >= Number(min ?? 0)).map((stars) => reviewRef(id, stars)),
      stars: ({ id }) => (id === 'b3' ? failing('no stars are known') : id.length / 2),
    }
  }

  #loansWhere(holds: (loan: { item: string; reader: string | null }) => boolean): Ref[] {
    return [...this.loans]
      .filter(([, loan]) => holds(loan))
      .map(([id]) => ({ __typename: 'Loan', id }))
  }
}

function failing(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'NOT_FOUND' } })
}

function itemRef(id: string): Ref {
  return { __typename: id.startsWith('b') ? 'Book' : 'Film', id }
}

function authorRef(id: string): Ref {
  return { __typename: 'Author', id }
}

function readerRef(id: string | null): Ref | null {
  return id === null ? null : { __typename: 'Reader', id }
}

function reviewRef(item: string, stars: number): Ref {
  return { __typename: 'Review', id: `${item}:${stars}` }
}

function authorOf(item: string): string {
  return AUTHORS[ITEMS.indexOf(item) % AUTHORS.length] ?? 'uk-1'
}

function reviewerOf(item: string): string {
  return READERS[ITEMS.indexOf(item) % READERS.length] ?? 'r1'
}

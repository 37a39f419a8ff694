import { randomUUID } from 'node:crypto'
import {
  Arg,
  Ctx,
  Directive,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql'
import { append } from '../access-log/append.js'
import type { LogEntry } from '../access-log/entry.js'
import { coded } from '../errors.js'
import type { Sql } from '../platform/database.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import { Governed, GovernedAs, Key, Open, SubjectIs } from '../sharing/governed.js'
import {
  decideLink,
  type Evidence,
  type LinkOutcome,
  type Proposal,
  proposalById,
  proposalsOfPersons,
} from './store.js'

/** What the subgraph `matching` needs of a request. */
export interface MatchingContext {
  readonly sql: Sql
  readonly personTag: (key: string) => SubjectTag
  readonly transaction: <T>(work: (tx: Sql) => Promise<T>) => Promise<T>
  /** The caller as a decider of links; throws NOT_PERMITTED where the agreement gives no such right. */
  readonly mayLink: () => Promise<{
    readonly member: string
    readonly agency: string
    readonly role: string
  }>
  /** The pseudonym by which the log knows a person. */
  readonly alias: (person: string, agency: string) => string
  /** Begins the log entry of a change by this caller. */
  readonly entry: (what: string, operation: LogEntry['operation'], tightens: boolean) => LogEntry
  /** Does what follows from a word on a link, in the same transaction. */
  readonly afterLink: (
    tx: Sql,
    of: { readonly proposal: Proposal; readonly outcome: LinkOutcome },
  ) => Promise<void>
}

const LinkAnswer = { LINK: 'LINK', NEVER: 'NEVER' } as const
const LinkState = {
  OPEN: 'OPEN',
  CONFIRMED: 'CONFIRMED',
  REJECTED: 'REJECTED',
  WAITING: 'WAITING',
} as const
registerEnumType(LinkAnswer, {
  name: 'LinkAnswer',
  description: 'What a member says of a proposed link. NEVER binds.',
})
registerEnumType(LinkState, {
  name: 'LinkState',
  description:
    'Where a proposed link stands. WAITING: one more person of another role must confirm.',
})

@ObjectType('LinkEvidence', { description: 'One trait that was compared; never its values.' })
export class LinkEvidence {
  @Governed('MATCH_EVIDENCE', 'NOBODY', () => String, ['COARSE_CODE'], 'The trait.') trait!:
    | string
    | null
  @Governed(
    'MATCH_EVIDENCE',
    'NOBODY',
    () => String,
    ['COARSE_CODE'],
    '`AGREES`, `CLOSE` or `DIFFERS`.',
  )
  outcome!: string | null
}

@ObjectType('Link', {
  description:
    'That a record of another agency may be the same human being. Has no effect until people confirm it.',
})
@Key('id')
@SubjectIs('PERSON')
export class Link {
  @Field(() => ID, { description: 'Random.' }) id!: string
  @Governed('MATCH_EVIDENCE', 'NOBODY', () => Number, ['BAND'], 'Bits of evidence.') weight!:
    | number
    | null
  @Governed('MATCH_EVIDENCE', 'NOBODY', () => [LinkEvidence], [], 'What was compared.') evidence!:
    | readonly Evidence[]
    | null
  @Governed('MATCH_EVIDENCE', 'NOBODY', () => LinkState, ['COARSE_CODE'], 'Where it stands.')
  state!: Proposal['state'] | null
  subject!: SubjectTag
}

@ObjectType('Person', { description: 'One human being, known by the part in each case.' })
@Key('key')
@SubjectIs('PERSON')
export class MatchingPerson {
  @Directive('@inaccessible')
  @Field(() => ID, { description: 'Stays inside federation.' })
  key!: string
  subject!: SubjectTag
}

@InputType('DecideLinkInput', { description: "A member's word on a proposed link." })
export class DecideLinkInput {
  @Field(() => ID, { description: 'The link.' }) linkId!: string
  @Field(() => LinkAnswer, { description: 'The same human being, or never.' }) answer!:
    | 'LINK'
    | 'NEVER'
}

@ObjectType('DecideLinkPayload', { description: 'Where the link stands now.' })
export class DecideLinkPayload {
  @Open('what the caller just did', () => LinkState, { description: 'State after this word.' })
  state!: string
}

@Resolver(() => MatchingPerson)
export class LinksOfPerson {
  @FieldResolver(() => [Link], {
    nullable: true,
    description: 'Proposed and decided links across agencies, strongest first.',
  })
  @GovernedAs('MATCH_EVIDENCE', 'NOBODY', ['COARSE_CODE'])
  links(
    @Root() person: MatchingPerson & { readonly proposals?: readonly Proposal[] },
  ): readonly object[] {
    return (person.proposals ?? []).map((one) => ({
      __typename: 'Link',
      ...one,
      subject: person.subject,
    }))
  }

  @Mutation(() => DecideLinkPayload, {
    nullable: true,
    description:
      'Confirms or forbids a link; it takes people of two roles to confirm one, and one word to forbid it or take it back.',
  })
  async decideLink(
    @Arg('input', () => DecideLinkInput) input: DecideLinkInput,
    @Ctx() context: MatchingContext,
  ): Promise<{ state: string }> {
    const by = await context.mayLink()
    return context.transaction(async (tx) => {
      const proposal = await proposalById(tx, input.linkId)
      if (!proposal) throw coded('NOT_FOUND', undefined, 'linkId')
      const isTakenBack = proposal.state === 'CONFIRMED' && input.answer === 'NEVER'
      if (proposal.state !== 'OPEN' && !isTakenBack)
        throw coded('CONFLICT', { currentVersion: null })
      const outcome = await decideLink(tx, proposal, by, input.answer)
      await context.afterLink(tx, { proposal, outcome })
      const entry = context.entry(`LINK_${outcome.kind}`, 'COMBINATION', outcome.kind !== 'WAITING')
      await append(tx, {
        ...entry,
        entryId: randomUUID(),
        sections: personsOf(proposal, outcome).map((person) => ({
          agency: proposal.agency,
          person,
          alias: context.alias(person, proposal.agency),
          caseId: null,
          decisions: [],
        })),
      })
      return { state: stateAfter(outcome) }
    })
  }
}

/** Everybody whom a word on a link is about: the proposed person, and who gave way or came back. */
function personsOf(proposal: Proposal, outcome: LinkOutcome): readonly string[] {
  const moved = 'from' in outcome ? [outcome.from, outcome.to] : []
  return [...new Set([proposal.personKey, ...moved])]
}

function stateAfter(outcome: LinkOutcome): string {
  switch (outcome.kind) {
    case 'WAITING':
      return 'WAITING'
    case 'LINKED':
    case 'MERGED':
      return 'CONFIRMED'
    case 'REJECTED':
    case 'UNLINKED':
    case 'SPLIT':
      return 'REJECTED'
  }
}

type Reference = { readonly key?: string }

export const matchingSubgraph = {
  name: 'matching',
  resolvers: [LinksOfPerson],
  types: [MatchingPerson, Link, LinkEvidence, DecideLinkPayload],
  references: {
    Person: async (references: readonly Reference[], context: MatchingContext) => {
      const keys = references.map((one) => one.key ?? '')
      const proposals = await proposalsOfPersons(context.sql, keys)
      return keys.map((key) => ({
        key,
        proposals: proposals.filter((one) => one.personKey === key),
        subject: context.personTag(key),
      }))
    },
  },
}

import { randomUUID } from 'node:crypto'
import type { Sql } from '../platform/database.js'

/** A record as a part of a case names it, with who confirmed that it is this person. */
export interface NamedRecord {
  readonly recordId: string
  readonly agency: string
  readonly confirmedBy: readonly string[]
}

/**
 * The person of each group of records, made where there is none yet. The first record of a group is the
 * one with which the person was referred; records of other agencies join it only where two people
 * confirmed them, else they become proposals. One statement each, whatever the number of groups.
 */
export async function personsForRecords(
  tx: Sql,
  groups: readonly (readonly NamedRecord[])[],
): Promise<readonly (string | null)[]> {
  const all = groups.flat()
  const rows = await tx.query<{ record_id: string; person_key: string }>(
    'select record_id, person_key from matching.membership where record_id = any($1::text[])',
    [all.map((one) => one.recordId)],
  )
  const known = new Map(rows.map((row) => [row.record_id, row.person_key]))
  const made: string[] = []
  const members: { record: NamedRecord; key: string; how: string }[] = []
  const proposals: { record: NamedRecord; key: string }[] = []
  const keys = groups.map((group) => {
    const [first, ...others] = group
    if (!first) return null
    const key =
      group.map((one) => known.get(one.recordId)).find((one) => one !== undefined) ??
      newPerson(made)
    for (const record of [first, ...others]) {
      if (known.has(record.recordId)) continue
      const isOwn = record === first || record.agency === first.agency
      if (isOwn || record.confirmedBy.length >= confirmationsMin) {
        members.push({ record, key, how: isOwn ? 'REFERRED' : 'CONFIRMED' })
        known.set(record.recordId, key)
      } else proposals.push({ record, key })
    }
    return key
  })
  await tx.query('insert into matching.person (key) select * from unnest($1::text[])', [made])
  await tx.query(
    `insert into matching.membership (record_id, agency, person_key, how, confirmed_by)
     select x.record, x.agency, x.key, x.how, string_to_array(x.by, chr(31))
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) as x (record, agency, key, how, by)
     on conflict (record_id) do nothing`,
    [
      members.map((one) => one.record.recordId),
      members.map((one) => one.record.agency),
      members.map((one) => one.key),
      members.map((one) => one.how),
      members.map((one) => one.record.confirmedBy.join('\u001f')),
    ],
  )
  await propose(
    tx,
    proposals.map(({ record, key }) => ({
      personKey: key,
      recordId: record.recordId,
      agency: record.agency,
      weight: 0,
      evidence: [],
    })),
  )
  return keys
}

/** Confirmations that a link across agencies needs before it has effect. */
export const confirmationsMin = 2

function newPerson(made: string[]): string {
  const key = randomUUID()
  made.push(key)
  return key
}

/** What was compared and how it came out; never the values. */
export interface Evidence {
  readonly trait: string
  readonly outcome: 'AGREES' | 'CLOSE' | 'DIFFERS'
}
export interface NewProposal {
  readonly personKey: string
  readonly recordId: string
  readonly agency: string
  /** Weight of evidence in bits. */
  readonly weight: number
  readonly evidence: readonly Evidence[]
}

/** Proposes links for people to confirm. A pair that was decided stays decided; an open or expired one is weighed anew. */
export async function propose(tx: Sql, proposals: readonly NewProposal[]): Promise<void> {
  if (proposals.length === 0) return
  // Two cases of a batch may tell of the same link: once is enough, and one statement takes it only once.
  const once = new Map(proposals.map((one) => [JSON.stringify([one.personKey, one.recordId]), one]))
  await tx.query(
    `insert into matching.proposal (id, person_key, record_id, agency, weight, evidence)
     select x.id, x.person_key, x.record_id, x.agency, x.weight, x.evidence
     from jsonb_to_recordset($1::jsonb) as x (id text, person_key text, record_id text, agency text, weight real, evidence jsonb)
     where not exists (select 1 from matching.membership m where m.record_id = x.record_id and m.person_key = x.person_key)
     on conflict (person_key, record_id) do update
       set weight = case when excluded.evidence = '[]' then matching.proposal.weight else excluded.weight end,
         evidence = case when excluded.evidence = '[]' then matching.proposal.evidence else excluded.evidence end,
         state = 'OPEN'
       where matching.proposal.state in ('OPEN', 'EXPIRED')`,
    [
      JSON.stringify(
        [...once.values()].map((one) => ({
          id: randomUUID(),
          person_key: one.personKey,
          record_id: one.recordId,
          agency: one.agency,
          weight: one.weight,
          evidence: one.evidence,
        })),
      ),
    ],
  )
}

export interface Proposal {
  readonly id: string
  readonly personKey: string
  readonly recordId: string
  readonly agency: string
  readonly weight: number
  readonly evidence: readonly Evidence[]
  readonly state: 'OPEN' | 'CONFIRMED' | 'REJECTED' | 'EXPIRED'
}

const columns = `id, person_key as "personKey", record_id as "recordId", agency, weight, evidence, state`

export async function proposalsOfPersons(
  sql: Sql,
  keys: readonly string[],
): Promise<readonly Proposal[]> {
  return sql.query<Proposal>(
    `select ${columns} from matching.proposal
     where person_key = any($1::text[]) and state <> 'EXPIRED' order by weight desc, id`,
    [keys],
  )
}

export async function proposalById(sql: Sql, id: string): Promise<Proposal | null> {
  const rows = await sql.query<Proposal>(
    `select ${columns} from matching.proposal where id = $1 for update`,
    [id],
  )
  return rows[0] ?? null
}

export interface Decider {
  readonly member: string
  readonly agency: string
  readonly role: string
}

/**
 * What a decision led to. `from` and `to` are person keys: what stood under the one stands under the
 * other now.
 */
export type LinkOutcome =
  | { readonly kind: 'WAITING' }
  | { readonly kind: 'LINKED' }
  | { readonly kind: 'MERGED'; readonly from: string; readonly to: string }
  | { readonly kind: 'REJECTED' }
  /** The record is no longer this person's; it stands alone under a key of its own. */
  | { readonly kind: 'UNLINKED'; readonly from: string; readonly to: string }
  /** Two people again: what had come from the one that gave way goes back to it. */
  | {
      readonly kind: 'SPLIT'
      readonly from: string
      readonly to: string
      /** Since when they had been held to be one. */
      readonly since: Date
      /** Records that joined them since then, and wait for people to say whose they are. */
      readonly records: readonly string[]
    }

/**
 * Takes one member's word on a proposal. "Never" decides at once and binds, also of a link that was
 * confirmed; a link needs people of two roles. Where the record already belongs to another person the
 * two become one: the older key stays.
 */
export async function decideLink(
  tx: Sql,
  proposal: Proposal,
  by: Decider,
  answer: 'LINK' | 'NEVER',
): Promise<LinkOutcome> {
  await tx.query(
    `insert into matching.decision (proposal_id, member, agency, role, answer) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [proposal.id, by.member, by.agency, by.role, answer],
  )
  if (answer === 'NEVER') {
    await setState(tx, proposal.id, 'REJECTED')
    return proposal.state === 'CONFIRMED' ? takeBack(tx, proposal) : { kind: 'REJECTED' }
  }
  const yes = await tx.query<{ member: string; role: string }>(
    `select member, role from matching.decision where proposal_id = $1 and answer = 'LINK'`,
    [proposal.id],
  )
  if (
    new Set(yes.map((one) => one.role)).size < confirmationsMin ||
    new Set(yes.map((one) => one.member)).size < confirmationsMin
  )
    return { kind: 'WAITING' }
  await setState(tx, proposal.id, 'CONFIRMED')
  return join(
    tx,
    proposal,
    yes.map((one) => one.member),
  )
}

async function setState(tx: Sql, id: string, state: string): Promise<void> {
  await tx.query('update matching.proposal set state = $2 where id = $1', [id, state])
}

async function join(tx: Sql, proposal: Proposal, by: readonly string[]): Promise<LinkOutcome> {
  const held = await tx.query<{ person_key: string }>(
    'select person_key from matching.membership where record_id = $1',
    [proposal.recordId],
  )
  const other = held[0]?.person_key
  if (other === undefined) {
    await tx.query(
      `insert into matching.membership (record_id, agency, person_key, how, confirmed_by) values ($1, $2, $3, 'CONFIRMED', $4)`,
      [proposal.recordId, proposal.agency, proposal.personKey, by],
    )
    return { kind: 'LINKED' }
  }
  if (other === proposal.personKey) return { kind: 'LINKED' }
  const ages = await tx.query<{ key: string }>(
    'select key from matching.person where key = any($1::text[]) order by made_at, key',
    [[other, proposal.personKey]],
  )
  const to = ages[0]?.key ?? proposal.personKey
  const from = to === other ? proposal.personKey : other
  await tx.query(
    `update matching.membership set person_key = $2, moved_from = moved_from || $1::text
     where person_key = $1`,
    [from, to],
  )
  await tx.query(
    'insert into matching.merging (proposal_id, from_key, to_key) values ($1, $2, $3)',
    [proposal.id, from, to],
  )
  await moveProposals(tx, from, to)
  await tx.query('update matching.person set redirect_to = $2 where key = $1', [from, to])
  return { kind: 'MERGED', from, to }
}

/**
 * What was proposed of the person that gave way is now proposed of the one that stays: a "never" of
 * either binds, and a link that the merging has made needs no more words.
 */
async function moveProposals(tx: Sql, from: string, to: string): Promise<void> {
  await tx.query(
    `update matching.proposal o set state = 'REJECTED' from matching.proposal n
     where o.person_key = $2 and o.state in ('OPEN', 'EXPIRED') and n.person_key = $1
       and n.record_id = o.record_id and n.state = 'REJECTED'`,
    [from, to],
  )
  await tx.query(
    `update matching.proposal set person_key = $2 where person_key = $1
     and not exists (select 1 from matching.proposal o where o.person_key = $2 and o.record_id = matching.proposal.record_id)`,
    [from, to],
  )
  await tx.query(
    `update matching.proposal p set state = 'CONFIRMED' from matching.membership m
     where p.person_key = any($1::text[]) and p.state in ('OPEN', 'EXPIRED')
       and m.record_id = p.record_id and m.person_key = $2`,
    [[from, to], to],
  )
  await tx.query(
    "update matching.proposal set state = 'EXPIRED' where person_key = $1 and state = 'OPEN'",
    [from],
  )
}

/**
 * Takes a confirmed link back. Where it had made two people one they are two again, each with the
 * records it came with; else the record leaves the person. Links that rested on it wait for people anew,
 * and so does every record that joined since: proposed of both, and of neither until it is confirmed.
 */
async function takeBack(tx: Sql, proposal: Proposal): Promise<LinkOutcome> {
  const mergings = await tx.query<{ from_key: string; at: Date }>(
    `update matching.merging set undone_at = clock_timestamp()
     where proposal_id = $1 and undone_at is null returning from_key, at`,
    [proposal.id],
  )
  const [merging] = mergings
  const revived = merging?.from_key
  const from = await survivorOf(tx, revived ?? proposal.personKey)
  const to = revived ?? randomUUID()
  if (revived === undefined) {
    await tx.query('insert into matching.person (key) values ($1)', [to])
    await tx.query(
      'update matching.membership set person_key = $3 where record_id = $1 and person_key = $2',
      [proposal.recordId, from, to],
    )
  } else {
    await tx.query('update matching.person set redirect_to = null where key = $1', [revived])
    await tx.query(
      `update matching.membership set person_key = $2, moved_from = array_remove(moved_from, $2::text)
       where person_key = $1 and $2 = any(moved_from)`,
      [from, to],
    )
  }
  const records = merging ? await unsortRecords(tx, { from, to, since: merging.at }) : []
  await tx.query(
    `update matching.proposal p set state = 'OPEN'
     where p.person_key = any($1::text[]) and p.state = 'CONFIRMED' and p.id <> $2
       and not exists (select 1 from matching.membership m
                       where m.record_id = p.record_id and m.person_key = p.person_key)`,
    [[from, to], proposal.id],
  )
  return merging === undefined
    ? { kind: 'UNLINKED', from, to }
    : { kind: 'SPLIT', from, to, since: merging.at, records }
}

/** Takes out what joined the one who remains since then, and proposes it of both. */
async function unsortRecords(
  tx: Sql,
  { from, to, since }: { readonly from: string; readonly to: string; readonly since: Date },
): Promise<readonly string[]> {
  const rows = await tx.query<{ recordId: string; agency: string }>(
    `delete from matching.membership where person_key = $1 and at > $2 and moved_from = '{}'
     returning record_id as "recordId", agency`,
    [from, since],
  )
  await propose(
    tx,
    rows.flatMap((one) =>
      [from, to].map((personKey) => ({ ...one, personKey, weight: 0, evidence: [] })),
    ),
  )
  // Never binds both ways, and the one who is somebody again has a link by which to be named.
  await tx.query(
    `insert into matching.proposal (id, person_key, record_id, agency, weight, evidence, state)
     select $3, $2, record_id, agency, 0, '[]', 'REJECTED' from matching.membership
     where person_key = $1 order by at, record_id limit 1
     on conflict do nothing`,
    [from, to, randomUUID()],
  )
  return rows.map((one) => one.recordId)
}

/** Records that wait for people to say which of two people they are, who were held to be one. */
export async function unsortedRecords(
  sql: Sql,
): Promise<readonly { readonly recordId: string; readonly persons: readonly string[] }[]> {
  return sql.query(
    `select p.record_id as "recordId", array_agg(distinct p.person_key) as persons
     from matching.proposal p
     where p.state = 'OPEN'
       and not exists (select from matching.membership m where m.record_id = p.record_id)
       and exists (select from matching.merging g where g.undone_at is not null
         and p.person_key in (g.from_key, g.to_key)
         and exists (select from matching.proposal o where o.record_id = p.record_id and o.state = 'OPEN'
           and o.person_key in (g.from_key, g.to_key) and o.person_key <> p.person_key))
     group by p.record_id`,
  )
}

/** The person under whose key somebody stands now, after whatever mergings. */
async function survivorOf(sql: Sql, key: string): Promise<string> {
  const rows = await sql.query<{ key: string }>(
    `with recursive chain as (
       select key, redirect_to from matching.person where key = $1
       union all
       select p.key, p.redirect_to from matching.person p join chain c on p.key = c.redirect_to)
     select key from chain where redirect_to is null`,
    [key],
  )
  return rows[0]?.key ?? key
}

/** The person that a proposal stands for; null where there is no such proposal. */
export async function personOfCandidate(sql: Sql, proposalId: string): Promise<string | null> {
  const rows = await sql.query<{ key: string }>(
    'select person_key as key from matching.proposal where id = $1',
    [proposalId],
  )
  return rows[0]?.key ?? null
}

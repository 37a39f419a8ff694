import type { Sql } from '../../platform/database.js'
import type { CaseloadContext } from './context.js'
import type { CaseDocument, MemberDocument } from './format.js'
import { knownCases, knownFiles } from './known.js'
import { digestOf, loadConflicts, loadMembers } from './members.js'
import { type CaseloadProblem, parseLine } from './parse.js'
import { planCase } from './plan-case.js'
import { writePlans } from './write-plans.js'

const batchSizeMax = 250
const problemsMax = 1000

/** So many new cases make the planner's old idea of the tables wrong. */
const analyzeFrom = 500
const ANALYZE = `analyze cases.case_state, cases.part, cases.part_state, cases.item, cases.allocation`

/** What came of a caseload. A line with a problem is left out; the others are loaded. */
export interface CaseloadReport {
  readonly members: { readonly changed: number; readonly unchanged: number }
  readonly cases: { readonly created: number; readonly changed: number; readonly unchanged: number }
  /** At most 1,000 of them. */
  readonly problems: readonly CaseloadProblem[]
}

interface Found<Document> {
  readonly line: number
  readonly document: Document
}

/**
 * Loads a unit's caseload, one document a line (docs/agencies/caseload.md). Loading it again changes
 * nothing; what has changed gets a new version. Each batch is one transaction with its log entry.
 */
export async function loadCaseload(
  lines: AsyncIterable<string> | Iterable<string>,
  context: CaseloadContext,
): Promise<CaseloadReport> {
  const loading = new Loading(context)
  let number = 0
  for await (const text of lines) {
    number += 1
    const parsed = parseLine(text, number)
    if (parsed.kind === 'problems') loading.report(parsed.problems)
    if (parsed.kind === 'document') await loading.take(parsed)
  }
  return loading.end()
}

class Loading {
  private readonly members: Found<MemberDocument>[] = []
  private readonly declared: MemberDocument[] = []
  private cases: Found<CaseDocument>[] = []
  private readonly seen = new Map<string, number>()
  private agencyOf: ReadonlyMap<string, string> | null = null
  private readonly problems: CaseloadProblem[] = []
  private readonly count = { members: 0, membersChanged: 0, created: 0, changed: 0, unchanged: 0 }

  constructor(private readonly context: CaseloadContext) {}

  report(problems: readonly CaseloadProblem[]): void {
    this.problems.push(...problems.slice(0, Math.max(0, problemsMax - this.problems.length)))
  }

  async take({ line, document }: Found<CaseDocument | MemberDocument>): Promise<void> {
    const name =
      document.kind === 'case' ? document.reference : `${document.agency}/${document.subject}`
    const before = this.seen.get(`${document.kind} ${name}`)
    if (before !== undefined)
      return this.report([
        { line, path: '', reason: `the same ${document.kind} as in line ${before}` },
      ])
    this.seen.set(`${document.kind} ${name}`, line)
    const strangers = this.unknownAgencies(line, document)
    if (strangers.length > 0) return this.report(strangers)
    if (document.kind === 'member') this.members.push({ line, document })
    else this.cases.push({ line, document })
    if (this.cases.length >= batchSizeMax) await this.flushCases()
    if (this.members.length >= batchSizeMax) await this.flushMembers()
  }

  async end(): Promise<CaseloadReport> {
    await this.flushCases()
    await this.flushMembers()
    await this.context.sql.transaction(async (tx) => {
      const made = await loadConflicts(tx, this.declared, this.context)
      if (made > 0) await this.context.append(tx, { cases: [], members: made })
    })
    const { members, membersChanged, ...cases } = this.count
    if (cases.created >= analyzeFrom) await this.context.sql.query(ANALYZE)
    return {
      members: { changed: membersChanged, unchanged: members - membersChanged },
      cases,
      problems: this.problems,
    }
  }

  private async flushMembers(): Promise<void> {
    const members = this.members.splice(0).map(({ document }) => document)
    if (members.length === 0) return
    this.declared.push(...members.filter(({ conflicts }) => (conflicts ?? []).length > 0))
    this.count.members += members.length
    await this.context.sql.transaction(async (tx) => {
      const changed = await loadMembers(tx, members, this.context)
      this.count.membersChanged += changed
      if (changed > 0) await this.context.append(tx, { cases: [], members: changed })
    })
    this.agencyOf = null
  }

  private async flushCases(): Promise<void> {
    await this.flushMembers()
    const { sql } = this.context
    const agencyOf = this.agencyOf ?? (await agenciesOfMembers(sql))
    this.agencyOf = agencyOf
    const batch = this.cases.filter((found) => {
      const strangers = unknownAuthors(found, agencyOf)
      this.report(strangers)
      return strangers.length === 0
    })
    this.cases = []
    if (batch.length > 0) await sql.transaction((tx) => this.writeBatch(tx, batch, agencyOf))
  }

  private async writeBatch(
    tx: Sql,
    batch: readonly Found<CaseDocument>[],
    agencyOf: ReadonlyMap<string, string>,
  ): Promise<void> {
    const { context, count } = this
    const files = await knownFiles(
      tx,
      batch.map(({ document }) => document.reference),
    )
    const fresh = batch.filter(
      ({ document }) => files.get(document.reference)?.digest !== digestOf(document),
    )
    count.unchanged += batch.length - fresh.length
    if (fresh.length === 0) return
    const changed = fresh.flatMap(({ document }) => files.get(document.reference) ?? [])
    const known = await knownCases(tx, changed)
    const now = context.now().toISOString()
    const plans = fresh.map(({ document }) =>
      planCase(document, {
        known: known.get(files.get(document.reference)?.id ?? '') ?? null,
        now,
        newId: context.newId,
        agencyOf,
      }),
    )
    await writePlans(tx, plans, context)
    count.changed += changed.length
    count.created += fresh.length - changed.length
    await context.append(tx, { cases: plans.map(({ file }) => file.id), members: 0 })
  }

  private unknownAgencies(
    line: number,
    document: CaseDocument | MemberDocument,
  ): CaseloadProblem[] {
    return agenciesNamed(document)
      .filter(({ agency }) => !this.context.agencies.has(agency))
      .map(({ path }) => ({ line, path, reason: 'no agency of the configuration has this id' }))
  }
}

async function agenciesOfMembers(sql: Sql): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ subject: string; member_agency: string }>(
    'select distinct subject, member_agency from cases.member',
  )
  return new Map(rows.map((row) => [row.subject, row.member_agency]))
}

function agenciesNamed(
  document: CaseDocument | MemberDocument,
): { agency: string; path: string }[] {
  if (document.kind === 'member') return [{ agency: document.agency, path: 'agency' }]
  return [
    { agency: document.openedBy.agency, path: 'openedBy.agency' },
    ...document.parts.flatMap(({ records }, part) =>
      (records ?? []).map(({ agency }, at) => ({
        agency,
        path: `parts.${part}.records.${at}.agency`,
      })),
    ),
    ...(document.allocations ?? []).map(({ agency }, at) => ({
      agency,
      path: `allocations.${at}.agency`,
    })),
  ]
}

/** Whoever wrote something must be on the hub's list: their agency is its supplier. */
function unknownAuthors(
  { line, document }: Found<CaseDocument>,
  agencyOf: ReadonlyMap<string, string>,
): CaseloadProblem[] {
  const { parts, items, wishes } = document
  const written = Object.entries({ parts, items: items ?? [], wishes: wishes ?? [] })
  return written.flatMap(([list, entries]) =>
    entries.flatMap(({ recordedBy }, at) =>
      recordedBy === undefined ||
      recordedBy === document.openedBy.subject ||
      agencyOf.has(recordedBy)
        ? []
        : [{ line, path: `${list}.${at}.recordedBy`, reason: 'no member has this subject' }],
    ),
  )
}

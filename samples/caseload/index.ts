import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { World } from '../world.js'
import { caseDocument } from './case.js'
import type { CaseDocument, MemberDocument, RecordRef } from './documents.js'
import { type Ledger, ledgerOf, recordRef } from './ledger.js'
import { memberDocuments, rosterOf } from './roster.js'
import { Sides } from './sides.js'
import { Teams } from './teams.js'
import { CONFLICTS } from './told/index.js'

export interface CaseloadOptions {
  /** The unit whose caseload it is, as the hub's configuration names it. */
  readonly unit: string
  /** Nothing is written as recorded later; who is in custody was looked up within the half day before. */
  readonly now: Date
}

/**
 * The unit's own writing about the made-up world, in the format of docs/agencies/caseload.md: members,
 * then cases, a line each, made as it is read. The same world, unit and half day give the same lines.
 */
export function* caseloadLines(world: World, options: CaseloadOptions): Generator<string> {
  for (const document of caseloadDocuments(world, options)) yield JSON.stringify(document)
}

/** Writes the caseload to a file, a line at a time. */
export async function writeCaseload(
  world: World,
  { file, ...options }: CaseloadOptions & { readonly file: string },
): Promise<void> {
  const ended = function* () {
    for (const line of caseloadLines(world, options)) yield `${line}\n`
  }
  await pipeline(Readable.from(ended()), createWriteStream(file))
}

export function* caseloadDocuments(
  world: World,
  { unit, now }: CaseloadOptions,
): Generator<MemberDocument | CaseDocument> {
  const ledger = ledgerOf(world)
  const roster = rosterOf(world)
  yield* memberDocuments(roster, { asOf: world.asOf, conflicts: conflictsOf(ledger) })
  const teams = new Teams(roster, new Sides(), { ledger, now })
  for (const one of world.cases) yield caseDocument(one, { unit, now, ledger, roster, teams })
}

/** By persona; where the agency's record of somebody is gone, there is nothing to declare it by. */
function conflictsOf(
  ledger: Ledger,
): Map<string, { kind: 'KIN' | 'COLLEAGUE'; record: RecordRef }[]> {
  return new Map(
    CONFLICTS.map(({ persona, kind, personId, agency }) => [
      persona,
      ledger
        .holdings(personId)
        .filter((one) => one.agency === agency)
        .slice(0, 1)
        .map((one) => ({ kind, record: recordRef(one) })),
    ]),
  )
}

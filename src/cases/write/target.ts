import { coded } from '../../errors.js'
import type { Sql } from '../../platform/database.js'
import type { SubjectTag } from '../../sharing/fact-source.js'
import type { Category } from '../../sharing/vocabulary.js'
import type { CasesContext, WriteRight } from '../context.js'
import type { Case } from '../graph/case.js'
import type { Part } from '../graph/part.js'
import { idOrNotFound } from '../ids.js'
import { loadersOf } from '../loaders.js'

/** What a change is about. Something that may not be known of is not there: the same error, the same words. */

export interface Asked {
  readonly right: WriteRight
  readonly category: Category
  readonly aspect?: string
}

/** The case, if it may be known of and this may be written there. */
export async function caseToWrite(context: CasesContext, id: string, asked: Asked): Promise<Case> {
  const found = await loadersOf(context).caseById.load({
    id: idOrNotFound(id, 'caseId'),
    asOf: null,
  })
  const [exists] = found ? await context.access.exist([found.subject], 'Case') : [false]
  if (!found || exists !== true) throw coded('NOT_FOUND', undefined, 'caseId')
  await context.writing.mayWrite(asked.right, {
    caseId: found.id,
    partId: null,
    part: null,
    category: asked.category,
    aspect: asked.aspect ?? null,
  })
  return found
}

/**
 * The part, if this may be written about it. `unseen`: also by somebody who may not know of its case
 * (a withdrawal that anybody on the team was told, an emergency).
 */
export async function partToWrite(
  context: CasesContext,
  id: string,
  asked: Asked & { readonly unseen?: boolean; readonly field?: string },
): Promise<Part> {
  const field = asked.field ?? 'partId'
  const part = await loadersOf(context).partById.load({ id: idOrNotFound(id, field), asOf: null })
  if (!part) throw coded('NOT_FOUND', undefined, field)
  if (asked.unseen !== true) {
    const [exists] = await context.access.exist([part.subject], 'Part')
    if (exists !== true) throw coded('NOT_FOUND', undefined, field)
  }
  await context.writing.mayWrite(asked.right, {
    caseId: part.caseId,
    partId: part.id,
    part: part.as,
    category: asked.category,
    aspect: asked.aspect ?? null,
  })
  return part
}

/** Changes of one case go one after another. */
export async function lockCase(tx: Sql, caseId: string): Promise<void> {
  await tx.query('select id from cases.case_file where id = $1 for update', [caseId])
}

/** Whether the writer may be told the version that an object has now. Asked before its transaction begins. */
export async function mayKnowVersion(
  context: CasesContext,
  subject: SubjectTag,
  typeName: string,
): Promise<boolean> {
  return (await context.access.whole([subject], typeName, 'version'))[0] === true
}

/** It is still what the writer has read; else CONFLICT, with the version it has for who may know that. */
export function requireVersion(
  current: string | undefined,
  expected: string,
  mayKnow: boolean,
): void {
  if (current !== expected)
    throw coded(
      'CONFLICT',
      { currentVersion: mayKnow ? (current ?? null) : null },
      'expectedVersion',
    )
}

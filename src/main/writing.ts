import type { Viewer, WriteRight, WriteTarget } from '../cases/context.js'
import { coded } from '../errors.js'
import type { Cell, Standing } from '../sharing/decision.js'
import type { SubjectTag } from '../sharing/fact-source.js'
import { condition, type FactCode } from '../sharing/facts.js'
import { mayWrite } from '../sharing/may-write.js'
import { possible, profileOf, purposesOf } from '../sharing/profile.js'
import type { Category } from '../sharing/vocabulary.js'
import type { Hub } from './hub.js'
import type { HubContext, HubRequest } from './hub-context.js'
import { emergencyCategories } from './must-know.js'

/** What may be done in a case to which one is not allocated: to open, to allocate, to carry a refusal. */
const WITHOUT_ALLOCATION: ReadonlySet<WriteRight> = new Set<WriteRight>([
  'OPEN_CASE',
  'ALLOCATE',
  'ALLOCATE_BOTH_SIDES',
  'WITHDRAW_WISH',
  'BREAK_GLASS',
  'SUSPEND_SUPPLY',
])
/** A signal comes from anybody; whoever reviews what was done in a case is no worker of it. */
const WITHOUT_ALLOCATION_ABOUT: ReadonlySet<Category> = new Set<Category>(['SIGNAL', 'LOG_RECORD'])
const NOWHERE: Cell = { category: 'CASE_STATUS', locates: 'NOBODY', forms: [] }

/**
 * Throws NOT_PERMITTED unless the agreement gives the caller's roles the right and the caller is a
 * member today, in this case, neither in it as a person nor excluded from it.
 */
export async function requireRight(
  hub: Hub,
  request: HubRequest,
  context: HubContext,
  right: WriteRight,
  target: WriteTarget,
): Promise<void> {
  if (!agreementAllows(hub, request, right, target)) throw coded('NOT_PERMITTED')
  const standings = await standingsOf(request, context, target)
  const needed: FactCode[] = ['MEMBER', 'NOT_IN_CASE']
  // Whoever reviews an emergency stands outside of the case, and of a restricted one too.
  if (!(target.category === 'LOG_RECORD' && right === 'RECORD')) needed.push('NOT_EXCLUDED')
  if (
    !WITHOUT_ALLOCATION.has(right) &&
    !WITHOUT_ALLOCATION_ABOUT.has(target.category) &&
    !context.caseScope.whole
  )
    needed.push('ALLOCATED')
  if (target.caseId !== null && standings.some(isInCase)) request.conflicts.add(target.caseId)
  const isOpen = standings.some((standing) =>
    needed.every((fact) => isTrue(standing, fact, target.caseId === null)),
  )
  if (!isOpen) throw coded('NOT_PERMITTED')
}

/** The caller is somebody in the case, or kin of one. */
const isInCase = (standing: Standing): boolean =>
  standing.fact(condition('NOT_IN_CASE'), NOWHERE) === 'FALSE'

/** Outside of any case only the place on the hub's list is asked for. */
function isTrue(standing: Standing, fact: FactCode, isOutside: boolean): boolean {
  return (isOutside && fact !== 'MEMBER') || standing.fact(condition(fact), NOWHERE) === 'TRUE'
}

/** BREAK_GLASS is no right of the agreement's: whoever has a clause that rests on it may break the glass. */
function agreementAllows(
  hub: Hub,
  request: HubRequest,
  right: WriteRight,
  target: WriteTarget,
): boolean {
  if (right === 'BREAK_GLASS') return emergencyCategories(hub, request.profile).length > 0
  const { category, part, aspect } = target
  return (
    mayWrite(request.agreement.compiled, request.caller, {
      act: right,
      category,
      part,
      ...(aspect !== null && { aspect }),
    }).kind === 'MAY'
  )
}

async function standingsOf(
  request: HubRequest,
  context: HubContext,
  target: WriteTarget,
): Promise<readonly Standing[]> {
  const outside: SubjectTag = {
    kind: 'CALLER',
    marks: {
      supplier: request.caller.agency.id,
      unit: true,
      itemId: null,
      carries: {},
      clearedBy: [],
      suppliedAtMs: null,
    },
  }
  const tag =
    target.caseId === null
      ? outside
      : ((await context.caseTags([target.caseId])).get(target.caseId) ?? null)
  if (tag === null) throw coded('NOT_FOUND')
  await request.ledger.ensure([tag])
  return request.ledger
    .situationsOf(tag)
    .groups.flat()
    .flatMap((one) => one.standings)
}

/** Of every role and purpose of the agreement: what it may see of something of this category about this part. */
export function whoWillSee(
  hub: Hub,
  { agreement: { compiled }, caller: { agency: supplier } }: HubRequest,
  target: WriteTarget,
): readonly Viewer[] {
  const { part } = target
  const cells = hub.contract.governance.cells.filter((cell) => cell.category === target.category)
  const viewers: Viewer[] = []
  for (const agency of compiled.agencies) {
    for (const role of compiled.agreement.roles) {
      const caller = { agency, roles: [role.code] }
      for (const purpose of purposesOf(compiled, caller)) {
        const profile = profileOf(compiled, caller, purpose)
        const open = cells.filter(
          (cell) => possible(profile, cell, supplier, true, part) === 'FACTS',
        )
        if (open.length === 0) continue
        const fact = () => 'TRUE' as const
        const best = open
          .map((cell) =>
            hub.decide(profile, cell, {
              supplier: supplier.id,
              unit: true,
              standings: [{ caseId: target.caseId, part, fact }],
              barring: [],
            }),
          )
          .find((one) => one.kind !== 'WITHHOLD')
        if (best)
          viewers.push({
            agency: agency.id,
            role: role.code,
            purpose,
            decision: best.kind,
            clause: best.clause,
          })
      }
    }
  }
  return viewers
}

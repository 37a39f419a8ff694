import { z } from 'zod'
import type { Asker } from '../../sharing/fact-source.js'
import { isInstant } from '../../sharing/scalars.js'
import type { Category, Tri } from '../../sharing/vocabulary.js'
import { assessment, assessmentBody } from '../items/assessment.js'
import { release, releaseBody } from '../items/decision.js'
import { referral, referralBody } from '../items/intake.js'
import {
  breakGlass,
  breakGlassBody,
  informationRequest,
  informationRequestBody,
} from '../items/request.js'
import { bodiesOf, type CaseKnowledge, type FactItem } from './case-knowledge.js'

/** What is asked of the items of one case, about one part or (null) the whole. */
export interface ItemQuestion {
  readonly asker: Asker
  readonly nowMs: number
  readonly items: readonly FactItem[]
  readonly partId: string | null
  readonly category: Category
}

const isBefore = (nowMs: number, until: string | null | undefined): boolean =>
  until == null || nowMs < Date.parse(until)
const isFrom = (nowMs: number, from: string | null | undefined): boolean =>
  from == null || Date.parse(from) <= nowMs

/** A whole case is referred where anybody in it was. */
export function isReferredBy({ items, asker, partId }: ItemQuestion): Tri {
  const referrals = bodiesOf(items, { code: referral.code, body: referralBody })
  return referrals.some(
    ({ part_id, body }) => body.from === asker.agency.id && (partId === null || part_id === partId),
  )
    ? 'TRUE'
    : 'FALSE'
}

/** As much of an assessment as the fact rests on; the answers are never read for it. */
const assessedRisk = z
  .object(assessmentBody.shape)
  .pick({ instrument: true, domain: true, level: true, assessedOn: true })

const risks = new WeakMap<readonly FactItem[], Tri>()

/** High where the latest answer of any tool, for any domain and person of the case, is high. */
export function riskIsHigh({ items }: Pick<ItemQuestion, 'items'>): Tri {
  const known = risks.get(items)
  if (known !== undefined) return known
  const made = riskAmong(items)
  risks.set(items, made)
  return made
}

function riskAmong(items: readonly FactItem[]): Tri {
  const latest = new Map<string, { level: string; on: string; at: number }>()
  for (const { part_id, body, recorded_at } of bodiesOf(items, {
    code: assessment.code,
    body: assessedRisk,
  })) {
    const key = `${part_id} ${body.instrument} ${body.domain ?? ''}`
    const known = latest.get(key)
    const at = recorded_at.getTime()
    if (!known || body.assessedOn > known.on || (body.assessedOn === known.on && at > known.at))
      latest.set(key, { level: body.level, on: body.assessedOn, at })
  }
  if (latest.size === 0) return 'UNKNOWN'
  return [...latest.values()].some(({ level }) => level === 'HIGH') ? 'TRUE' : 'FALSE'
}

/** Decided by this role or office of the supplier, for this category and this caller, and still good. */
export function releaseIsDecided(question: ItemQuestion, by: string, supplier: string): boolean {
  const { items, asker, partId, category, nowMs } = question
  return bodiesOf(items, { code: release.code, body: releaseBody }).some(
    ({ part_id, agency, body }) =>
      part_id === partId &&
      body.by === by &&
      (body.byAgency ?? agency) === supplier &&
      body.categories.includes(category) &&
      body.toRoles.some((role) => asker.roles.includes(role)) &&
      (body.toAgencies == null || body.toAgencies.includes(asker.agency.id)) &&
      isFrom(nowMs, body.from) &&
      isBefore(nowMs, body.until),
  )
}

/** PCSC Act 2022 s.44A: notice given, or an exception recorded; s.44D for counselling information. */
export function isRequested(question: ItemQuestion, counselling: boolean): boolean {
  const { items, partId, category, nowMs } = question
  return bodiesOf(items, { code: informationRequest.code, body: informationRequestBody }).some(
    ({ part_id, body }) =>
      part_id === partId &&
      body.categories.includes(category) &&
      ((body.noticeGivenAt != null && isFrom(nowMs, body.noticeGivenAt)) ||
        body.exceptionReason != null) &&
      isBefore(nowMs, body.until) &&
      (!counselling || (body.counselling && body.seniorApproval != null)),
  )
}

/** Broken by this caller, for this person (of a whole case: for anybody in it) and category, in time. */
export function glassIsBroken({ items, asker, partId, category, nowMs }: ItemQuestion): boolean {
  return bodiesOf(items, { code: breakGlass.code, body: breakGlassBody }).some(
    ({ part_id, body }) =>
      (partId === null || part_id === partId) &&
      body.subjectId === asker.subject &&
      body.subjectAgency === asker.agency.id &&
      body.categories.includes(category) &&
      isFrom(nowMs, body.from) &&
      isBefore(nowMs, body.until),
  )
}

/** The instants at which something of these items begins or ends. */
export function itemChangesAtMs({ itemsOfCase }: CaseKnowledge): readonly number[] {
  const instants: number[] = []
  for (const items of itemsOfCase.values())
    for (const { body } of items)
      for (const field of ['from', 'until', 'noticeGivenAt'])
        if (typeof body[field] === 'string' && isInstant(body[field]))
          instants.push(Date.parse(body[field]))
  return instants
}

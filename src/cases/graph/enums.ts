import { registerEnumType } from 'type-graphql'
import { PART_KINDS, SIDES } from '../../sharing/vocabulary.js'

/** The closed lists of the case model. */

export const CASE_STAGES = ['CONCERN', 'INTAKE', 'ASSESSED', 'OPEN', 'MONITORED', 'CLOSED'] as const
export type CaseStage = (typeof CASE_STAGES)[number]
export const LEGAL_STATUSES = [
  'ALLEGED',
  'CHARGED',
  'CONVICTED',
  'ACQUITTED',
  'NO_FURTHER_ACTION',
] as const
export type LegalStatus = (typeof LEGAL_STATUSES)[number]
export const RISK_LEVELS = ['LOW', 'MODERATE', 'HIGH'] as const
export const FAMILIES = ['PSYCHOLOGICAL', 'SOCIAL_SUPPORT', 'LEGAL_SANCTION'] as const
export const INTAKE_DECISIONS = ['ACCEPTED', 'DECLINED', 'MORE_INFORMATION', 'SIGNPOSTED'] as const
export const INTERVENTION_STATES = [
  'PLANNED',
  'ACTIVE',
  'PAUSED',
  'COMPLETED',
  'ENDED_EARLY',
] as const
export const UNIT_EVENT_KINDS = ['STAGE', 'ALLOCATION', 'DECISION', 'MEETING'] as const
/** INFORMED: asked or told, and did not object. */
export const WISH_DECISIONS = ['GIVEN', 'INFORMED', 'REFUSED', 'WITHDRAWN'] as const
/** A part in which a person is protected: every part but the perpetrator's. */
export const PERPETRATOR = 'PERPETRATOR'

const enumOf = (values: readonly string[]): Record<string, string> =>
  Object.fromEntries(values.map((value) => [value, value]))

function graphEnum(
  name: string,
  values: readonly string[],
  description: string,
): Record<string, string> {
  const values_ = enumOf(values)
  registerEnumType(values_, { name, description })
  return values_
}

export const CaseStageEnum = graphEnum('CaseStage', CASE_STAGES, 'How far a case has come.')
export const PartKindEnum = graphEnum('PartKind', PART_KINDS, 'How a person figures in a case.')
export const LegalStatusEnum = graphEnum(
  'LegalStatus',
  LEGAL_STATUSES,
  'Where the law stands; a place in a case is not a finding.',
)
export const SideEnum = graphEnum(
  'Side',
  SIDES,
  "Whose worker somebody is; BOTH is an exception with a record, and counts as the perpetrator's.",
)
export const RiskLevelEnum = graphEnum(
  'RiskLevel',
  RISK_LEVELS,
  'How great a risk is, as the named tool says it.',
)
export const FamilyEnum = graphEnum(
  'InterventionFamily',
  FAMILIES,
  'Which kind of help or limit an intervention is.',
)
export const IntakeDecisionEnum = graphEnum(
  'IntakeDecision',
  INTAKE_DECISIONS,
  'What the unit made of a referral.',
)
export const InterventionStateEnum = graphEnum(
  'InterventionState',
  INTERVENTION_STATES,
  'How far an intervention has come.',
)
export const UnitEventKindEnum = graphEnum('UnitEventKind', UNIT_EVENT_KINDS, 'What the unit did.')
export const WishDecisionEnum = graphEnum(
  'WishDecision',
  WISH_DECISIONS,
  'What a person said; INFORMED: asked or told, and did not object.',
)

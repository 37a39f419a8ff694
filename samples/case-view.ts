/**
 * The case view: one case with everything that any agency of the sample may know of it, as far as
 * whoever asks may see it. Each object of a list is asked for its `id`, so that answers to several
 * callers can be laid side by side. Safe contact is asked for with phones, for without it none leave.
 */
export const CASE_VIEW = `query CaseView($id: ID!) {
  case(id: $id) {
    id reference stage isOpen openedOn
    parts {
      id as legalStatus identifiedOn
      description { names handles appearance }
      wishes { id decision recipients purposes categories givenAt until saysYes }
      relationships { id kind to { as } from until childrenInCommon }
      assessments { id instrument domain level assessor assessedOn items { code answer comment } }
      orders { id kind servedOn from to prohibitions requirements }
      orderDrafts { id kind stage hearingOn terms }
      custody { id state since tagged releaseOn conditions }
      warnings { id marker advice detail }
      knownNames { id given family }
      safeContact { id channel times voicemail codeWord neverDo }
      safetyPlan { id measure owner reviewDue emergency state }
      support { id supported since }
      impact { id band statement statedOn }
      accessNeeds { id language interpreter adjustments }
      conduct { id at until behaviours channel offenceCode account }
      motivation { id typology drivers opinion managementAdvice formedOn }
      interventions { id family kind lead state reviewDue }
      signals { id level speakTo until }
      clearedTexts { id forSide text clearedBy }
      person {
        records {
          id __typename agency { name } recordedAt handling
          names { given family use }
          bornOn
          addresses { lines postcode from to }
          ... on PoliceRecord {
            pncId phones emails vehicles appearance warnings
            custody { status since releaseOn bailConditions }
            offences { code description outcome on }
            note { present value }
          }
          ... on NhsRecord {
            nhsNumber phones emails gpPractice serviceUse engaged
            warningMarkers warningAdvice { present value }
          }
          ... on CharityRecord {
            phones emails vehicle { registration description }
            safeContact { recorded channel times voicemail codeWord neverDo }
            supported supportedSince riskLevel
            safetyPlan { measure owner due emergencyStep }
            needs { need met }
            notes { present value }
          }
        }
      }
    }
    team { id worker role side agency { name } workContact }
    decisions { id decidedOn family choice rationale decider reviewDue }
    meetings { id heldOn agendaItem actions }
    chronology(first: 10) {
      edges {
        node {
          id __typename at kind agency { name } summary { present value }
          ... on PoliceEvent { offence crimeReference behaviours place { lines postcode } }
          ... on PoliceOrder { order servedOn from to prohibitions requirements }
          ... on PoliceIntelligence { sanitised }
          ... on NhsEvent { code state }
          ... on NhsAppointment { attended state }
          ... on CharityEvent { channel reached }
        }
      }
    }
  }
}`

/** The case view with a case's id filled in, to paste as it is. */
export function caseViewOf(id: string): string {
  return CASE_VIEW.replace('($id: ID!)', '').replace('$id', JSON.stringify(id))
}

/**
 * Who is shown side by side on the start page, in this order, each with the purpose first shown.
 * Where several personas stand in one place, the first who is on the case's team is shown.
 */
export const SIDE_BY_SIDE: readonly {
  readonly personas: readonly string[]
  readonly purpose: string
}[] = [
  { personas: ['detective'], purpose: 'VICTIM_SAFETY' },
  { personas: ['psychologist'], purpose: 'PERPETRATOR_TREATMENT' },
  { personas: ['manager'], purpose: 'RISK_ASSESSMENT' },
  { personas: ['outreach', 'outreach-2'], purpose: 'CARE_COORDINATION' },
  { personas: ['advocate'], purpose: 'VICTIM_SAFETY' },
  { personas: ['support-officer'], purpose: 'CASE_ADMINISTRATION' },
  { personas: ['system-police'], purpose: 'CASE_ADMINISTRATION' },
  { personas: ['ig-lead-police'], purpose: 'LOG_AUDIT' },
]

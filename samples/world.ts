/**
 * The made-up world that the sample agencies hold their imperfect views of: one truth, three
 * populations. `samples/population` makes it from a seed; each agency's simulator renders its part in
 * that agency's own format. Everything here is invented; NHS numbers are from the range that is
 * never issued. Imports nothing of the hub's.
 *
 * What an agency must render in its own format so that the hub can refuse it at the door:
 * `protectiveMarking` above OFFICIAL-SENSITIVE (a marking on the record), `notTaken` (the record's kind
 * of data: a category, a security label or a sensitivity, as the agency's format has it), and
 * `intelligenceSource` (who told the police: a field of the intelligence report). Absent is none.
 * `flaws` is truth beside the records, for measuring: no agency renders it.
 */

export type AgencyKind = 'police' | 'nhs' | 'charity'
/** `2026`, `2026-03` or `2026-03-04`. */
export type LooseDate = string
/** ISO 8601, UTC. */
export type Instant = string

export interface World {
  readonly seed: number
  /** The day on which the world is looked at; nothing is dated later. */
  readonly asOf: string
  readonly people: readonly TruePerson[]
  readonly holdings: readonly Holding[]
  readonly cases: readonly TrueCase[]
  readonly events: readonly TrueEvent[]
  readonly staff: readonly Staff[]
}

/** The truth about one human being; agencies know parts of it, some of them wrong. */
export interface TruePerson {
  readonly id: string
  readonly sex: 'female' | 'male' | 'other'
  readonly bornOn: string
  readonly diedOn: string | null
  readonly names: readonly TrueName[]
  /** Oldest first; the last without `to` is current. */
  readonly addresses: readonly TrueAddress[]
  readonly phones: readonly string[]
  readonly emails: readonly string[]
  readonly handles: readonly string[]
  readonly workplace: TruePlace | null
  readonly school: TruePlace | null
  readonly vehicle: { readonly registration: string; readonly description: string } | null
  readonly gpPractice: { readonly odsCode: string; readonly name: string } | null
  readonly nhsNumber: string
  readonly pncId: string | null
  readonly language: string | null
}
export interface TrueName {
  readonly given: readonly string[]
  readonly family: string
  readonly use: 'USUAL' | 'MAIDEN' | 'ALIAS' | 'NICKNAME'
}
export interface TrueAddress extends TruePlace {
  readonly from: LooseDate
  readonly to: LooseDate | null
  readonly kind: 'HOME' | 'REFUGE' | 'TEMPORARY' | 'NO_FIXED_ABODE'
}
export interface TruePlace {
  readonly lines: readonly string[]
  readonly postcode: string | null
}

/** One source record: how one agency holds one person. One person may have several at one agency. */
export interface Holding {
  readonly agency: AgencyKind
  readonly personId: string
  /** The agency's own id: nominal number, FHIR Patient id, client number. */
  readonly sourceId: string
  readonly recordedAt: Instant
  readonly names: readonly TrueName[]
  /** As recorded: may be wrong, impossible (`31/02/1990` as `1990-02-31`), or missing. */
  readonly bornOn: string | null
  readonly sex: TruePerson['sex'] | null
  readonly addresses: readonly TrueAddress[]
  readonly phones: readonly string[]
  readonly emails: readonly string[]
  readonly workplace: TruePlace | null
  readonly vehicle: TruePerson['vehicle']
  readonly gpPractice: TruePerson['gpPractice']
  /** As recorded; a mistyped one keeps its wrong check digit. */
  readonly nhsNumber: string | null
  readonly supersededNhsNumbers: readonly string[]
  readonly pncId: string | null
  /** NHS confidentiality flag; R takes address, GP and telecom out of what the NHS itself returns. */
  readonly nhsFlag: 'U' | 'R' | null
  readonly warnings: readonly string[]
  /** The record that replaced this one at its agency, null for none. */
  readonly replacedBy: string | null
  readonly deleted: boolean
  readonly language: string | null
  readonly safeContact: TrueSafeContact | null
  /** Free text about the person in the agency's record; may name places of others. */
  readonly note: string | null
  /** Where a child goes to school, where the agency knows. */
  readonly school?: TruePlace | null
  readonly protectiveMarking?: ProtectiveMarking
  readonly notTaken?: NotTaken
  readonly flaws?: readonly Flaw[]
}

export type ProtectiveMarking = 'OFFICIAL' | 'OFFICIAL-SENSITIVE' | 'SECRET' | 'TOP SECRET'
/** What the hub never takes in (category NOT_TAKEN of the agreement). */
export type NotTaken =
  | 'GENDER_RECOGNITION'
  | 'ADOPTION'
  | 'FERTILITY'
  | 'SEXUAL_HEALTH'
  | 'PROTECTED_PERSON'
/** How a source record differs from the truth. */
export type Flaw =
  | 'MISSPELLED'
  | 'NICKNAME'
  | 'MAIDEN_NAME'
  | 'NAMES_SWAPPED'
  | 'UNACCENTED'
  | 'BIRTH_DATE_MISSING'
  | 'BIRTH_DATE_SWAPPED'
  | 'BIRTH_DATE_WRONG'
  | 'BIRTH_DATE_IMPOSSIBLE'
  | 'MOVED'
  | 'ADDRESS_MISSING'
  | 'NHS_NUMBER_MISSING'
  | 'NHS_NUMBER_SUPERSEDED'
  | 'NHS_NUMBER_MISTYPED'
  | 'NHS_NUMBER_OF_ANOTHER'
  | 'DUPLICATE'
  | 'MERGED'
  | 'DELETED'

export interface TrueSafeContact {
  readonly channel: 'PHONE' | 'TEXT' | 'EMAIL' | 'IN_PERSON' | 'NONE'
  readonly times: string
  readonly voicemail: boolean
  readonly codeWord: string | null
  readonly neverDo: string | null
}

export type TruePart = 'VICTIM' | 'PERPETRATOR' | 'CHILD' | 'WITNESS' | 'SECONDARY_VICTIM'

/** A case of the unit. `story` is set for the twelve that are told. */
export interface TrueCase {
  readonly reference: string
  readonly story: string | null
  readonly title: string | null
  readonly openedOn: string
  readonly closedOn: string | null
  readonly stage: 'CONCERN' | 'INTAKE' | 'ASSESSED' | 'OPEN' | 'MONITORED' | 'CLOSED'
  readonly criticalFew: boolean
  readonly relation:
    | 'EX_PARTNER'
    | 'STRANGER'
    | 'COLLEAGUE'
    | 'ACQUAINTANCE'
    | 'CLINICIAN'
    | 'FAMILY'
    | 'UNKNOWN'
  readonly parts: readonly {
    readonly as: TruePart
    readonly personId: string | null
    readonly legalStatus:
      | 'ALLEGED'
      | 'CHARGED'
      | 'CONVICTED'
      | 'ACQUITTED'
      | 'NO_FURTHER_ACTION'
      | null
    readonly identifiedOn: string | null
    readonly description: {
      readonly handles: readonly string[]
      readonly appearance: string | null
    } | null
  }[]
  readonly riskLevel: 'LOW' | 'MODERATE' | 'HIGH'
}

/** Something that happened, held by one agency. */
export interface TrueEvent {
  readonly agency: AgencyKind
  readonly sourceId: string
  /** Case reference, null for one that belongs to no case. */
  readonly case: string | null
  readonly at: LooseDate
  readonly recordedAt: Instant
  readonly what: TrueHappening
  /** Source ids, at this agency, of those concerned. */
  readonly about: readonly {
    readonly sourceId: string
    readonly as:
      | 'SUBJECT'
      | 'VICTIM'
      | 'SUSPECT'
      | 'UNKNOWN_SUSPECT'
      | 'WITNESS'
      | 'REPORTING_PERSON'
  }[]
  /** Free text, as the agency wrote it; may name places. */
  readonly text: string | null
  readonly protectiveMarking?: ProtectiveMarking
  readonly notTaken?: NotTaken
  /** Who told the police; never leaves them. */
  readonly intelligenceSource?: string
}

export type TrueHappening =
  // police
  | {
      readonly kind: 'CRIME'
      readonly offenceCode: string
      readonly behaviours: readonly string[]
      readonly outcome: string | null
      readonly place: TruePlace | null
    }
  | {
      readonly kind: 'ARREST'
      readonly custody: 'IN_CUSTODY' | 'BAIL' | 'RELEASED'
      readonly bailConditions: string | null
    }
  | {
      readonly kind: 'ORDER'
      readonly order: 'SPO' | 'INTERIM_SPO' | 'RESTRAINING' | 'NMO'
      readonly servedOn: string | null
      readonly from: string
      readonly to: string | null
      readonly prohibitions: readonly string[]
      readonly requirements: readonly string[]
    }
  | { readonly kind: 'BREACH'; readonly offenceCode: string }
  | {
      readonly kind: 'INTELLIGENCE'
      readonly grading: {
        readonly source: 1 | 2 | 3
        readonly intelligence: 'A' | 'B' | 'C' | 'D' | 'E'
        readonly handling: 'P' | 'C'
        readonly condition: string | null
      }
    }
  // nhs
  | { readonly kind: 'DIAGNOSIS'; readonly snomed: string; readonly display: string }
  | { readonly kind: 'APPOINTMENT'; readonly attended: boolean; readonly place: TruePlace | null }
  | {
      readonly kind: 'CARE_PLAN'
      readonly goals: readonly string[]
      readonly crisisContact: string | null
    }
  | {
      readonly kind: 'RISK_ASSESSMENT'
      readonly instrument: 'SRP' | 'SASH' | 'S-DASH'
      readonly version: string
      readonly level: 'LOW' | 'MODERATE' | 'HIGH'
      readonly items: Readonly<Record<string, string>>
    }
  | { readonly kind: 'REFERRAL'; readonly to: string; readonly reason: string }
  // charity
  | { readonly kind: 'ENGAGEMENT'; readonly channel: string; readonly reached: boolean }
  | { readonly kind: 'NEED'; readonly need: string; readonly met: boolean }
  | {
      readonly kind: 'SAFETY_MEASURE'
      readonly measure: string
      readonly owner: string
      readonly due: string | null
      readonly emergency: boolean
    }
  | {
      readonly kind: 'WISH'
      readonly decision: 'GIVEN' | 'REFUSED' | 'WITHDRAWN'
      readonly recipients: readonly AgencyKind[]
      readonly categories: readonly string[]
      readonly until: string | null
    }

/** Who works in the sample unit; persona is the name by which `concordat token` knows them. */
export interface Staff {
  readonly persona: string
  readonly subject: string
  readonly name: string
  readonly agency: AgencyKind
  readonly roles: readonly string[]
  readonly side: 'VICTIM' | 'PERPETRATOR' | 'NEITHER'
}

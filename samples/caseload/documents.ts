/**
 * The documents of a caseload as this sample writes them (docs/agencies/caseload.md). Written out here
 * once more, because a sample system shares no code with the hub that reads it.
 */

export interface StaffRef {
  readonly agency: string
  readonly subject: string
}

export interface RecordRef {
  readonly agency: string
  readonly type: string
  readonly id: string
}

export interface MemberDocument extends StaffRef {
  readonly kind: 'member'
  readonly membership: 'MEMBER' | 'OUTSIDE' | 'SYSTEM'
  readonly roles: readonly string[]
  readonly name: string
  readonly workContact?: string
  readonly vettedUntil?: string
  readonly trainedUntil?: string
  readonly from: string
  readonly conflicts?: readonly {
    readonly kind: 'KIN' | 'COLLEAGUE'
    readonly record: RecordRef
  }[]
}

export type PartKey = string

export interface PartDocument {
  readonly key: PartKey
  readonly as: 'VICTIM' | 'PERPETRATOR' | 'CHILD' | 'WITNESS' | 'SECONDARY_VICTIM'
  readonly records: readonly (RecordRef & {
    readonly confirmedBy?: readonly string[]
    readonly confirmedAt?: string
  })[]
  readonly legalStatus?: string
  readonly bornOn?: string
  readonly description?: {
    readonly names?: readonly string[]
    readonly handles?: readonly string[]
    readonly vehicles?: readonly string[]
    readonly appearance?: string
  }
  readonly identified?: { readonly on: string; readonly by: string; readonly at: string }
  readonly recordedBy: string
  readonly recordedAt: string
}

export type Side = 'VICTIM' | 'PERPETRATOR' | 'NEITHER'

export interface AllocationDocument extends StaffRef {
  readonly role: string
  readonly side: Side
  readonly from: string
  readonly to?: string
}

export interface ItemDocument {
  readonly type: string
  readonly of?: PartKey
  readonly recordedBy: string
  readonly recordedAt: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface WishDocument {
  readonly of: PartKey
  readonly decision: 'GIVEN' | 'INFORMED' | 'REFUSED' | 'WITHDRAWN'
  readonly recipients?: readonly string[]
  readonly purposes?: readonly string[]
  readonly categories?: readonly string[]
  readonly givenAt: string
  readonly until?: string
  readonly wording?: string
  readonly recordedBy: string
  readonly recordedAt: string
}

export interface CaseDocument {
  readonly kind: 'case'
  readonly reference: string
  readonly unit: string
  readonly stage: string
  readonly openedOn: string
  readonly openedBy: StaffRef
  readonly openedAt: string
  readonly closedOn?: string
  readonly restricted?: { readonly named: readonly StaffRef[]; readonly reason: string }
  readonly stages: readonly { readonly stage: string; readonly at: string; readonly by: string }[]
  readonly parts: readonly PartDocument[]
  readonly allocations: readonly AllocationDocument[]
  readonly items: readonly ItemDocument[]
  readonly wishes: readonly WishDocument[]
}

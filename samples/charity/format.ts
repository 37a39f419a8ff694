/** What the sample charity's system sends: its own types, written down once more on purpose. */

export interface SampleHandling {
  readonly classification?: string
  readonly sensitivity?: readonly string[]
  readonly handling?: string
  readonly released?: boolean
  readonly clearedBy?: readonly string[]
}
export interface SampleEntry extends SampleHandling {
  readonly kind: 'engagement' | 'sdash' | 'safety-measure'
  readonly id: string
  readonly client: string
  readonly about?: readonly string[]
  readonly version?: string
  readonly updatedAt: string
  readonly isDeleted?: boolean
  readonly occurredOn: string | null
}
export interface SampleEngagement extends SampleEntry {
  readonly kind: 'engagement'
  readonly channel: string | null
  readonly reached: boolean | null
  readonly summary: string | null
}
export interface SampleSdash extends SampleEntry {
  readonly kind: 'sdash'
  readonly instrument: string
  readonly instrumentVersion: string | null
  readonly level: string | null
  readonly answers: readonly {
    readonly question: number
    readonly answer: string
    readonly comment: string | null
  }[]
  readonly summary: string | null
}
export interface SampleMeasure extends SampleEntry {
  readonly kind: 'safety-measure'
  readonly measure: string
  readonly owner: string | null
  readonly due: string | null
  readonly emergencyStep: boolean
}
export interface SampleNeed extends SampleHandling {
  readonly id: string
  readonly need: string
  readonly met: boolean | null
}
export interface SampleWish extends SampleHandling {
  readonly id: string
  readonly client: string
  readonly decision: string
  readonly recipients: readonly string[]
  readonly categories: readonly string[]
  readonly purposes: readonly string[]
  readonly wording: string | null
  readonly givenAt: string
  readonly until: string | null
  readonly recordedAt: string | null
  readonly updatedAt?: string
  readonly isDeleted?: boolean
}
interface SamplePlace {
  readonly lines: readonly string[]
  readonly postcode: string | null
}

/** A client with everything that hangs on it; `include` chooses what of it is sent. */
export interface SampleClient extends SampleHandling {
  readonly caseNumber: string
  readonly version: string
  readonly updatedAt: string
  readonly isDeleted: boolean
  readonly mergedInto: string | null
  readonly names: readonly {
    readonly given: string | null
    readonly family: string | null
    readonly use: string
  }[]
  readonly birthDate: string | null
  readonly sex: string | null
  readonly addresses: readonly (SamplePlace & {
    readonly kind: string
    readonly from: string | null
    readonly to: string | null
  })[]
  readonly contacts: readonly { readonly system: string; readonly value: string }[]
  readonly accessNeeds: {
    readonly language: string | null
    readonly interpreter: boolean
    readonly adjustments: readonly string[]
  } | null
  readonly workplace: SamplePlace | null
  readonly school: SamplePlace | null
  readonly vehicle: { readonly registration: string; readonly description: string } | null
  readonly support: { readonly supported: boolean; readonly since: string | null } | null
  readonly notes: string | null
  readonly safeContact:
    | { readonly recorded: false }
    | {
        readonly recorded: true
        readonly channel: string
        readonly times: string
        readonly voicemail: boolean
        readonly codeWord: string | null
        readonly neverDo: string | null
      }
  readonly engagements: readonly SampleEngagement[]
  readonly needs: readonly SampleNeed[]
  readonly sdash: readonly SampleSdash[]
  readonly safetyPlan: readonly SampleMeasure[]
  readonly impact: readonly {
    readonly scale: string
    readonly score: number
    readonly takenOn: string | null
  }[]
  readonly wishes: readonly SampleWish[]
}

/** What is sent of every client, and what each word of `include` adds. */
export const ENVELOPE: readonly (keyof SampleClient)[] = [
  'caseNumber',
  'version',
  'updatedAt',
  'isDeleted',
  'mergedInto',
  'classification',
  'sensitivity',
  'handling',
  'released',
  'clearedBy',
]
export const INCLUDES: Readonly<Record<string, readonly (keyof SampleClient)[]>> = {
  identity: ['names', 'birthDate', 'sex'],
  addresses: ['addresses'],
  contacts: ['contacts'],
  'access-needs': ['accessNeeds'],
  places: ['workplace', 'school', 'vehicle'],
  support: ['support'],
  notes: ['notes'],
  'safe-contact': ['safeContact'],
  engagements: ['engagements'],
  needs: ['needs'],
  sdash: ['sdash'],
  'safety-plan': ['safetyPlan'],
  impact: ['impact'],
  wishes: ['wishes'],
}

import { isFhirObject, Reader } from './fhir.js'

export interface ServiceUse {
  readonly serviceUse: string | null
  readonly engaged: boolean | null
  readonly disengagedSince: string | null
}

const KEPT: ReadonlySet<string> = new Set(['fulfilled', 'arrived', 'checked-in'])

/** That an appointment was kept; null while it is to come, or was called off. */
export function attended(status: string | null): boolean | null {
  if (status === null) return null
  if (KEPT.has(status)) return true
  return status === 'noshow' ? false : null
}

/**
 * Whether the person uses the service: `ENGAGED` while the last appointment that could be kept was,
 * `DISENGAGED` since the first one missed after it, `REFERRED` while there is only a referral.
 */
export function mapServiceUse(file: {
  readonly appointments: readonly unknown[]
  readonly referrals: readonly unknown[]
  readonly reader: Reader
}): ServiceUse {
  const kept = file.appointments
    .flatMap((resource) =>
      isFhirObject(resource) ? [new Reader(resource, 'Appointment', file.reader.problems)] : [],
    )
    .flatMap((appointment) => {
      const came = attended(appointment.text('status'))
      const at = appointment.date('start')
      return came === null || at === null ? [] : [{ came, at }]
    })
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  const last = kept.at(-1)
  if (last === undefined) {
    return {
      serviceUse: isReferred(file) ? 'REFERRED' : null,
      engaged: null,
      disengagedSince: null,
    }
  }
  if (last.came) return { serviceUse: 'ENGAGED', engaged: true, disengagedSince: null }
  const lastKept = kept.findLastIndex(({ came }) => came)
  return {
    serviceUse: 'DISENGAGED',
    engaged: false,
    disengagedSince: kept[lastKept + 1]?.at ?? null,
  }
}

function isReferred(file: {
  readonly referrals: readonly unknown[]
  readonly reader: Reader
}): boolean {
  return file.referrals.some((resource) => {
    if (!isFhirObject(resource)) return false
    const status = new Reader(resource, 'ServiceRequest', file.reader.problems).text('status')
    return status === 'active' || status === 'on-hold'
  })
}

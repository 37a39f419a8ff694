/** A FHIR resource as JSON; the sample writes them and the FHIR repository keeps them. */
export interface FhirResource {
  readonly resourceType: string
  readonly id: string
  readonly [field: string]: unknown
}

export function isFhirResource(value: unknown): value is FhirResource {
  if (typeof value !== 'object' || value === null) return false
  const { resourceType, id } = value as { readonly resourceType?: unknown; readonly id?: unknown }
  return typeof resourceType === 'string' && typeof id === 'string'
}

import { z } from 'zod'

/** What the configuration says of an agency of this kind; every limit has its unit in its name. */
export const RESOURCE_TYPES = [
  'Patient',
  'RelatedPerson',
  'Encounter',
  'Condition',
  'CarePlan',
  'RiskAssessment',
  'ServiceRequest',
  'Flag',
  'Consent',
  'Appointment',
  'ClinicalImpression',
] as const

export const nhsSettings = z.strictObject({
  /** The FHIR R4 base, e.g. `https://fhir.example.nhs.uk/R4`; a search is `<baseUrl>/Patient?...`. */
  baseUrl: z.url({ protocol: /^https?$/ }).refine((url) => !/[?#]/.test(url), {
    message: 'has a query or a fragment: give the base alone',
  }),
  /** Name of the environment variable that holds the bearer token; without it none is sent. */
  tokenEnv: z.string().min(1).optional(),
  /** A bearer token written out; for development only. */
  token: z.string().min(1).optional(),
  /** Types to ask for; leave out what the server has not. */
  resources: z.array(z.enum(RESOURCE_TYPES)).default([...RESOURCE_TYPES]),
  pageSize: z.int().min(1).max(1_000).default(200),
  /** Most pages of one search that are followed. */
  pagesMax: z.int().min(1).max(10_000).default(500),
  bodyBytesMax: z.int().min(1_000).max(500_000_000).default(20_000_000),
  retriesMax: z.int().min(0).max(10).default(2),
  /** How far a search by `_lastUpdated` goes back behind the last one. */
  overlapSeconds: z.int().min(0).max(86_400).default(120),
  /** Codings that are refused at the door: gender recognition, adoption, fertility, ... */
  notTaken: z
    .array(z.strictObject({ system: z.string().optional(), code: z.string().min(1) }))
    .default([]),
})
export type NhsSettings = z.infer<typeof nhsSettings>

/** Parses the agency's settings; throws an error that names path and reason. */
export function parseNhsSettings(settings: unknown): NhsSettings {
  const parsed = nhsSettings.safeParse(settings)
  if (parsed.success) return parsed.data
  const reasons = parsed.error.issues.map(
    (issue) =>
      `\`settings${issue.path.map((part) => `.${String(part)}`).join('')}\`: ${issue.message}`,
  )
  throw new Error(reasons.join('; '))
}

import { z } from 'zod'

/**
 * The `settings` of a charity in the configuration. The key is given by value, or better by the name
 * of the environment variable that holds it.
 */
const settingsSchema = z
  .strictObject({
    /** Root of the interface, e.g. `https://records.charity.example/api/v1`. */
    baseUrl: z.url({ protocol: /^https?$/, error: 'write an http or https address' }),
    apiKey: z.string().min(1).max(512).optional(),
    apiKeyEnv: z.string().min(1).max(128).optional(),
    /** Clients on one page, and asked for in one search. */
    pageSize: z.int().min(1).max(500).default(100),
    /** Longest answer read; a longer one counts as a bad answer. */
    bodyBytesMax: z.int().min(1024).max(268_435_456).default(33_554_432),
    /** Within which one call of a synchronisation must be answered, retries included. */
    syncDeadlineMs: z.int().min(1).max(600_000).default(30_000),
    /** Sent again after 429, 502, 503, 504 or a broken connection, while the deadline lasts. */
    attemptsMax: z.int().min(1).max(10).default(3),
    /** Failures in a row after which the charity is left alone for `breakerOpenMs`. */
    breakerFailuresMax: z.int().min(1).max(1000).default(5),
    breakerOpenMs: z.int().min(1).max(3_600_000).default(10_000),
    /** How far behind its mark a synchronisation asks again, for clocks and late commits. */
    overlapS: z.int().min(0).max(86_400).default(120),
  })
  .refine((it) => (it.apiKey === undefined) !== (it.apiKeyEnv === undefined), {
    error: 'give one of `apiKey` and `apiKeyEnv`',
    path: ['apiKey'],
  })

export interface CharitySettings {
  readonly baseUrl: string
  readonly apiKey: string
  readonly pageSize: number
  readonly bodyBytesMax: number
  readonly syncDeadlineMs: number
  readonly attemptsMax: number
  readonly breakerFailuresMax: number
  readonly breakerOpenMs: number
  readonly overlapS: number
}

/**
 * Parses the settings; an error names path and reason, and never a value. What it returns may be
 * parsed again, with the same result.
 */
export function parseSettings(
  settings: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): CharitySettings {
  const parsed = settingsSchema.safeParse(settings)
  if (!parsed.success) {
    const said = parsed.error.issues.map(
      (it) => `\`${it.path.join('.') || 'settings'}\`: ${it.message}`,
    )
    throw new Error(`the settings of the charity are not usable: ${said.join('; ')}`)
  }
  const { apiKey, apiKeyEnv, baseUrl, ...rest } = parsed.data
  const key = apiKey ?? environment[apiKeyEnv ?? '']
  if (key === undefined || key === '')
    throw new Error(
      `the settings of the charity are not usable: \`apiKeyEnv\`: \`${apiKeyEnv}\` is not set in the environment`,
    )
  return { ...rest, apiKey: key, baseUrl: baseUrl.replace(/\/+$/, '') }
}

import { z } from 'zod'

/**
 * The form of `concordat.yaml`. Nothing here knows a kind, an agency or a role by name: `kind` is
 * looked up in the list of adapters by whoever wires the hub, and `settings` is read by that kind.
 */
const ID_FORM = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const id = z
  .string()
  .max(40, 'at most 40 characters')
  .regex(ID_FORM, 'lower-case words joined by hyphens, such as `north-unit`')
const text = z.string().min(1, 'may not be empty').max(200, 'at most 200 characters')
const count = (min: number, max: number, standard: number) =>
  z.int().min(min, `at least ${min}`).max(max, `at most ${max}`).default(standard)

const issuer = z.strictObject({
  /** The `iss` of this agency's tokens, compared exactly. */
  iss: text,
  /** Where its public keys are: an address, or a file beside the configuration. Without it only the development issuer can speak for the agency. */
  jwks: text.optional(),
})

const agency = z.strictObject({
  id,
  name: text,
  kind: id,
  transport: id,
  issuer,
  settings: z.record(z.string(), z.unknown()).default({}),
})

const development = z.strictObject({
  /** Tokens for the sample's personas, made by the hub itself. */
  issuer: z.boolean().default(false),
  /** The simulated agency systems and their caseload. */
  samples: z.boolean().default(false),
  startPage: z.boolean().default(false),
  /** Lets the development issuer stand on an address that other machines reach. */
  allowRemote: z.boolean().default(false),
})

const limits = z.strictObject({
  bodyBytesMax: count(1_000, 100_000_000, 1_000_000),
  depthMax: count(1, 100, 16),
  costMax: count(1, 10_000_000, 50_000),
  aliasesMax: count(0, 10_000, 100),
  tokensMax: count(10, 1_000_000, 5_000),
  batchMax: count(1, 1_000, 10),
  deadlineMs: count(100, 600_000, 10_000),
  sendDeadlineMs: count(100, 60_000, 1_000),
  sourceDeadlineMs: count(50, 120_000, 2_000),
  sourceProbeEveryMs: count(100, 600_000, 2_000),
  requestsPerMinuteMax: count(1, 10_000_000, 6_000),
})

const queue = z.strictObject({
  /** How many finished jobs of each name are kept for looking at. */
  keepDoneMax: count(0, 100_000, 100),
  /** How often the outbox is read even when nothing woke its reader. */
  pollMs: count(50, 60_000, 2_000),
})

const log = z.strictObject({
  /** Of the process's own log. */
  level: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  /** Lets anybody fetch checkpoints and tiles of the access log: they tell how busy the unit is. */
  public: z.boolean().default(false),
  /** Who vouches for the access log's heads: a name, and the C2SP vkey that `concordat log key` prints. */
  countersigners: z
    .array(z.strictObject({ name: text, vkey: text }))
    .min(0)
    .max(50, 'at most 50 countersigners')
    .default([]),
  /** How many of them make a checkpoint final. */
  quorum: count(0, 50, 0),
  /** The unit's how-manieth log this is: one more each time a log was ended and another begun. */
  number: count(1, 1_000_000, 1),
  /** A file of rules for log-watch; left out: the ones that come with the hub. */
  watchRules: text.optional(),
})

export const configurationSchema = z.strictObject({
  unit: z.strictObject({ id, name: text, catchment: z.array(text).min(1, 'at least one area') }),
  agencies: z.array(agency).min(1, 'at least one agency').max(200, 'at most 200 agencies'),
  agreement: z.strictObject({
    /** The folder that is put in force by the first start; afterwards `concordat agreement switch` does. */
    directory: text,
    /** For each party the files with its public keys (Ed25519, PEM): two while one is being replaced. */
    keys: z
      .record(
        z.string().max(64),
        z.array(text).min(1, 'at least one key').max(10, 'at most 10 keys'),
      )
      .default({}),
  }),
  /** Addresses and port to listen on; `PORT` in the environment wins. */
  listen: z
    .strictObject({ host: text.default('127.0.0.1'), port: count(0, 65_535, 4_000) })
    .prefault({}),
  /** The `aud` that tokens must carry. */
  audience: text.default('concordat'),
  development: development.prefault({}),
  limits: limits.prefault({}),
  /** Whether clients may ask for the schema. */
  introspection: z.boolean().default(false),
  log: log.prefault({}),
  queue: queue.prefault({}),
})
export type ConfigurationFile = z.infer<typeof configurationSchema>

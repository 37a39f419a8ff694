import { z } from 'zod'

/**
 * What a job is told: ids, codes and numbers, never a name, a text or a number of a person's. Jobs
 * look everything else up when they run, and so see what holds then.
 */
export type JobPayload = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** What a running job knows of its run. */
export interface JobRun {
  /** Aborted when the process drains or the time is up: stop at the next safe point. */
  readonly signal: AbortSignal
  /** 1 for the first. */
  readonly attempt: number
}

/** A job as the queue knows it. `Context` is what whoever wires the hub hands to every job. */
export interface Job<Context> {
  readonly name: string
  /** Runs by itself this often; null: only when something is enqueued for it. */
  readonly everyMinutes: number | null
  /** After so many attempts it is kept as dead, for people to look at and retry. */
  readonly attemptsMax: number
  /** Wait before the second attempt; doubles with each further one. */
  readonly backoffMs: number
  /** How many run at once, over all processes. */
  readonly concurrency: number
  /** A run that takes longer has failed. */
  readonly timeMaxMs: number
  run(context: Context, payload: JobPayload, run: JobRun): Promise<void>
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+){0,6}$/
const CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+){0,8}$/
/** A UUID, or 16 characters or more with a digit and a letter: no name, no NHS number, no telephone number. */
const OPAQUE = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{16,200}$/
const word = z.string().refine((text) => NAME.test(text) || CODE.test(text) || OPAQUE.test(text))
const payloadSchema = z.record(
  z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/),
  z.union([
    word,
    z.boolean(),
    z.int().min(-999_999_999).max(999_999_999),
    z.array(word).max(1_000),
  ]),
)
const declarationSchema = z.object({
  name: z.string().regex(NAME).max(60),
  everyMinutes: z
    .number()
    .positive()
    .max(60 * 24 * 31)
    .nullable(),
  attemptsMax: z.int().min(1).max(50),
  backoffMs: z.int().min(0).max(3_600_000),
  concurrency: z.int().min(1).max(100),
  timeMaxMs: z
    .int()
    .min(10)
    .max(24 * 3_600_000),
})

/**
 * Declares a job. What is left out: no time of its own, 5 attempts, 1 s before the second, one at a
 * time, 10 minutes. A job must be safe to run twice.
 */
export function job<Context>(
  declaration: Partial<Job<Context>> & Pick<Job<Context>, 'name' | 'run'>,
): Job<Context> {
  const whole = {
    everyMinutes: null,
    attemptsMax: 5,
    backoffMs: 1_000,
    concurrency: 1,
    timeMaxMs: 600_000,
    ...declaration,
  }
  const checked = declarationSchema.safeParse(whole)
  if (!checked.success)
    throw new RangeError(
      `the job declaration does not fit at: ${checked.error.issues.map((issue) => issue.path.join('.')).join(', ')}`,
    )
  return whole
}

/** Refuses a payload that could hold anything of a person; names the key, never the value. */
export function checkedPayload(payload: JobPayload): JobPayload {
  const checked = payloadSchema.safeParse(payload)
  if (checked.success) return checked.data
  const keys = new Set(checked.error.issues.map((issue) => String(issue.path[0] ?? 'the payload')))
  throw new RangeError(
    `a job's payload holds ids, codes and numbers only; not so: ${[...keys].filter((key) => /^\w{1,40}$/.test(key)).join(', ')}`,
  )
}

/** What is kept of a failure: a code, so that no message with a value in it stays behind. */
export class JobFailed extends Error {
  constructor(readonly code: string) {
    super(code)
    this.stack = code
  }
}

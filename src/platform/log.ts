import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { types } from 'node:util'
import { type DestinationStream, pino } from 'pino'
import { errorCode } from './error-code.js'
import { packageRoot } from './paths.js'

/**
 * Structured logs that cannot hold personal data: an event code and fields from a closed list, each
 * with the shape its value must have. What does not fit is dropped and counted in `dropped`; nothing
 * is ever printed because it "looked safe". Errors give their class, code and own stack frames, never
 * their message, detail or data.
 */
export interface Log {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

/** Names of things the unit or its makers chose: agencies, jobs, subgraphs, routes. Lower-case, kebab. */
const NAME = /^[a-z][a-z0-9]*(?:[-_.][a-z0-9]+){0,12}$/
const CODE = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+){0,12}$/
/** An opaque id: a UUID or at least 16 characters with a digit, so that no name or number of a person fits. */
const OPAQUE = /^(?=[^\s]*\d)(?=.*[A-Za-z])[A-Za-z0-9_-]{16,128}$/
const ADDRESS = /^(?:127\.0\.0\.1|0\.0\.0\.0|::1|::|localhost)(?::\d{1,5})?$/

const TEXT_FIELDS = {
  agency: NAME,
  kind: NAME,
  transport: NAME,
  job: NAME,
  subgraph: NAME,
  migration: NAME,
  route: NAME,
  state: NAME,
  backend: NAME,
  lock: NAME,
  key: NAME,
  component: NAME,
  source: NAME,
  code: CODE,
  reason: CODE,
  outcome: CODE,
  signal: CODE,
  method: CODE,
  request: OPAQUE,
  entry: OPAQUE,
  record: OPAQUE,
  caseId: OPAQUE,
  jobId: OPAQUE,
  operation: OPAQUE,
  clause: /^\d{1,3}(?:\.\d{1,3}){0,3}[a-z]?$/,
  coordinate: /^[A-Z][A-Za-z0-9]{0,63}\.[a-z][A-Za-z0-9]{0,63}$/,
  version: /^v?\d{1,6}(?:\.\d{1,6}){0,3}$/,
  address: ADDRESS,
} as const
const NUMBER_FIELDS = [
  'count',
  'applied',
  'rejected',
  'failed',
  'size',
  'bytes',
  'durationMs',
  'afterMs',
  'delayMs',
  'attempt',
  'attemptsMax',
  'status',
  'port',
  'processId',
  'waiting',
  'epoch',
  'page',
  'lagMs',
] as const
/** Ten digits are an NHS number and eleven a telephone number, so no number may be that long. */
const NUMBER_MAX = 999_999_999

type TextField = keyof typeof TEXT_FIELDS
type NumberField = (typeof NUMBER_FIELDS)[number]
export type LogFields = { readonly [field in TextField]?: string | null } & {
  readonly [field in NumberField]?: number | null
} & { readonly error?: unknown }

const numberFields: ReadonlySet<string> = new Set(NUMBER_FIELDS)
const textFields: ReadonlyMap<string, RegExp> = new Map(Object.entries(TEXT_FIELDS))
const STACK_FRAMES_MAX = 12

/** Makes the log of a process; `destination` is for tests, the default is standard error. */
export function createLog(
  options: { readonly level?: LogLevel; readonly destination?: DestinationStream } = {},
): Log {
  const settings = {
    level: options.level ?? 'info',
    base: null,
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
  }
  const out = pino(settings, options.destination ?? pino.destination({ dest: 2, sync: true }))
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: LogFields = {}): void => {
      if (!out.isLevelEnabled(level)) return
      const known = NAME.test(event)
      out[level](admitted(fields, known ? 0 : 1), known ? event : 'event-name-refused')
    }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** A log that writes nothing. */
export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

function admitted(fields: LogFields, droppedBefore: number): Record<string, unknown> {
  const line: Record<string, unknown> = {}
  let dropped = droppedBefore
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined) continue
    if (name === 'error') Object.assign(line, { error: errorShape(value) })
    else if (isAdmitted(name, value)) line[name] = value
    else dropped += 1
  }
  return dropped === 0 ? line : { ...line, dropped }
}

function isAdmitted(name: string, value: unknown): boolean {
  if (numberFields.has(name)) return typeof value === 'number' && Math.abs(value) <= NUMBER_MAX
  return typeof value === 'string' && (textFields.get(name)?.test(value) ?? false)
}

/** Class, code and own frames of an error. `code` is a SQLSTATE, an errno name or one of ours; else nothing. */
function errorShape(error: unknown): Record<string, unknown> {
  if (!types.isNativeError(error)) return { class: 'NotAnError' }
  const code = errorCode(error)
  const isCode =
    code !== null && ((/^[0-9A-Z]{5}$/.test(code) && /[0-9]/.test(code)) || CODE.test(code))
  return {
    class: /^[A-Z][A-Za-z]{0,40}Error$|^Error$/.test(error.constructor.name)
      ? error.constructor.name
      : 'Error',
    ...(isCode ? { code } : {}),
    frames: ownFrames(error),
  }
}

/** `src/cases/store.js:12` for frames inside this package; the message is cut off first, for it may imitate frames. */
function ownFrames(error: Error): readonly string[] {
  const stack = error.stack ?? ''
  const start = stack.indexOf(error.message)
  if (start < 0) return []
  const frames = stack.slice(start + error.message.length).split('\n')
  return frames.flatMap((frame) => ownFrame(frame)).slice(0, STACK_FRAMES_MAX)
}

const root = packageRoot()
function ownFrame(frame: string): readonly string[] {
  const place = /^\s+at .*?\(?((?:file:\/\/)?\/[^()\s]+):(\d+):\d+\)?$/.exec(frame)
  const [, file, line] = place ?? []
  if (file === undefined || line === undefined) return []
  const path = relative(root, file.startsWith('file:') ? fileURLToPath(file) : file)
  const isOwn = !path.startsWith('..') && !path.split(sep).includes('node_modules')
  return isOwn ? [`${path}:${line}`] : []
}

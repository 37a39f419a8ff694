import { errorCode } from '../../platform/error-code.js'
import { StartupError } from '../../platform/startup-error.js'

/** One thing that was looked at. */
export interface Finding {
  /** WARN: the hub runs, but not as it should in use. FAIL: it does not run, or must not. */
  readonly state: 'OK' | 'WARN' | 'FAIL'
  readonly subject: string
  readonly what: string
  readonly wayOut: string | null
}

export const ok = (subject: string, what: string): Finding => ({
  state: 'OK',
  subject,
  what,
  wayOut: null,
})
export const warn = (subject: string, what: string, wayOut: string): Finding => ({
  state: 'WARN',
  subject,
  what,
  wayOut,
})
export const fail = (subject: string, what: string, wayOut: string): Finding => ({
  state: 'FAIL',
  subject,
  what,
  wayOut,
})

/** A failure to look is a finding too: one broken thing never hides the others. */
export async function looked(
  subject: string,
  look: () => Promise<readonly Finding[]> | readonly Finding[],
): Promise<readonly Finding[]> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof StartupError)
      return [fail(subject, error.message.split('\n  way out: ')[0] ?? '', error.wayOut)]
    return [
      fail(
        subject,
        `could not be looked at (${nameOf(error)})`,
        'see the documentation of operating',
      ),
    ]
  }
}

/** A code or a class, never a message: that may quote a secret. */
export function nameOf(error: unknown): string {
  return errorCode(error) ?? (error instanceof Error ? error.constructor.name : typeof error)
}

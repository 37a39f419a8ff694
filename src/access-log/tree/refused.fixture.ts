import { Refusal, type RefusalReason } from './refusal.js'

/** The reason for which `act` is refused, `null` where it is accepted; any other error is thrown on. */
export async function refused(act: () => unknown): Promise<RefusalReason | null> {
  try {
    await act()
    return null
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
}

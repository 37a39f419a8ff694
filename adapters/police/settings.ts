import { z } from 'zod'

/** What the configuration says of one force. */
export const settingsSchema = z.strictObject({
  /** The directory into which the force puts its drops. */
  inbox: z.string().min(1),
  /** The manifest's `force`; where it is set, drops of another force fail. */
  force: z.string().min(1).nullable().default(null),
  /** Writes `<drop>.receipt.json` beside each drop: what became of it, without values. */
  receipts: z.boolean().default(true),
  fileBytesMax: z
    .number()
    .int()
    .min(1)
    .default(2 ** 30),
  lineBytesMax: z
    .number()
    .int()
    .min(1)
    .default(2 ** 25),
})
export type PoliceSettings = z.infer<typeof settingsSchema>

/** Throws an error that names path and reason. */
export function parseSettings(settings: unknown): PoliceSettings {
  const read = settingsSchema.safeParse(settings)
  if (read.success) return read.data
  const reasons = read.error.issues.map(
    (issue) => `\`${issue.path.join('.') || 'settings'}\`: ${issue.message}`,
  )
  throw new TypeError(reasons.join('; '))
}

import { readText, writeWhole } from '../checkpoints/whole-file.js'
import { openCheckpoint, type Policy, type SignedCheckpoint } from '../tree/checkpoint.js'

/** What a countersigner must never forget: the newest checkpoint that it vouched for. */
export interface CountersignerState {
  /** Null before the first. Throws a Refusal where the file is not a checkpoint of this log. */
  read(): Promise<SignedCheckpoint | null>
  /** On disk before it returns. */
  write(note: string): Promise<void>
  /** Keeps a signed checkpoint that contradicts it beside the file; names the file. */
  keepEvidence(note: string, size: bigint): Promise<string>
  /** One after another: looking at the state and writing it is never interleaved. */
  alone<T>(work: () => Promise<T>): Promise<T>
}

/** The file holds the signed note itself, so that anybody can read it. One process a file. */
export function countersignerState(path: string, policy: Policy): CountersignerState {
  let last: Promise<unknown> = Promise.resolve()
  return {
    async read() {
      const note = await readText(path)
      return note === null ? null : openCheckpoint(note, { ...policy, quorum: 0 })
    },
    write: (note) => writeWhole(path, note),
    async keepEvidence(note, size) {
      const file = `${path}.contradicted-at-${size}`
      await writeWhole(file, note)
      return file
    },
    alone(work) {
      const next = last.then(work, work)
      last = next.catch(() => undefined)
      return next
    },
  }
}

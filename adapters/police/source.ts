import { randomUUID } from 'node:crypto'
import { readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** How to reach a force: the directory into which it puts its drops, and our receipts beside them. */
export interface WaitingDrop {
  /** `000012-delta`: the directory's name. */
  readonly name: string
  readonly directory: string
  readonly sequence: number
  readonly kind: 'full' | 'delta'
}

const DROP_NAME = /^(\d{1,10})-(full|delta)$/

/** The drops in the inbox by sequence; everything else that lies there is left alone. */
export async function waitingDrops(inbox: string): Promise<readonly WaitingDrop[]> {
  const entries = await readdir(inbox, { withFileTypes: true })
  return entries
    .flatMap((entry) => {
      const match = entry.isDirectory() ? DROP_NAME.exec(entry.name) : null
      if (!match) return []
      const kind = match[2] === 'full' ? ('full' as const) : ('delta' as const)
      return [
        { name: entry.name, directory: join(inbox, entry.name), sequence: Number(match[1]), kind },
      ]
    })
    .sort((a, b) => a.sequence - b.sequence || a.name.localeCompare(b.name))
}

/** What became of a drop, for whoever sent it. Names records and fields, and no values. */
export interface Receipt {
  readonly drop: string
  readonly outcome: 'APPLIED' | 'FAILED' | 'WAITING'
  /** Why it failed or waits. */
  readonly reason: string | null
  readonly where: string | null
  readonly lines: number
  readonly rejections: readonly {
    readonly type: string
    readonly id: string
    readonly reason: string
    readonly field: string | null
    readonly outcome: 'QUARANTINE' | 'REFUSE'
    /** Of the line as it was sent. */
    readonly sha256: string
  }[]
}

/** An inbox that is read-only gets no receipts: that is how it was given to us. */
const READ_ONLY = ['EROFS', 'EACCES', 'EPERM']

/** Writes `<drop>.receipt.json` beside the drop, whole or not at all. */
export async function writeReceipt(inbox: string, receipt: Receipt): Promise<void> {
  const path = join(inbox, `${receipt.drop}.receipt.json`)
  const part = `${path}.${randomUUID()}.part` // of this writer alone: two processes may say of a drop what became of it
  try {
    await writeFile(part, `${JSON.stringify(receipt, null, 2)}\n`)
    await rename(part, path)
  } catch (error) {
    if (!READ_ONLY.includes(systemCode(error) ?? '')) throw error
  }
}

/** The operating system's code of an error (`ENOENT`), null for an error of another kind. */
export function systemCode(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null
  return typeof error.code === 'string' ? error.code : null
}

import { readFileSync } from 'node:fs'

/** The public vectors beside this file, parsed. Hashes are base64 unless their name ends in `Hex`. */
function read<Shape>(file: string): Shape {
  const shape: Shape = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
  return shape
}

export const tree = read<{
  readonly leavesHex: readonly string[]
  readonly leafHashesHex: readonly string[]
  readonly rootsHexByTreeSize: readonly string[]
  readonly hashes: readonly { readonly what: string; readonly hex: string }[]
}>('tree.json')

interface InclusionVector {
  readonly leafIdx: string | number
  readonly treeSize: string | number
  readonly root: string
  readonly leafHash: string
  readonly proof: readonly string[] | null
  readonly wantErr: boolean
}

interface ConsistencyVector {
  readonly size1: string | number
  readonly size2: string | number
  readonly root1: string
  readonly root2: string
  readonly proof: readonly string[] | null
  readonly wantErr: boolean
}

const generated = read<{
  readonly inclusion: readonly InclusionVector[]
  readonly consistency: readonly ConsistencyVector[]
}>('generated-8.json')

export const inclusion = [...read<InclusionVector[]>('inclusion.json'), ...generated.inclusion]
export const consistency = [
  ...read<ConsistencyVector[]>('consistency.json'),
  ...generated.consistency,
]

export const notes =
  read<
    readonly {
      readonly name: string
      readonly kind: 'note' | 'checkpoint' | 'tlog-proof'
      readonly vkeys: readonly string[]
      readonly note: string
      readonly expect: 'verify' | 'reject'
      readonly size?: string
      readonly origin?: string
      readonly leafHex?: string
    }[]
  >('notes.json')

import { generateKeyPairSync } from 'node:crypto'
import type { LogEntry } from '../entry.js'
import {
  chainOf,
  commitment,
  leafData,
  leafHash,
  link,
  type PreparedSection,
  prepare,
  type SectionPlace,
  saltsOf,
} from '../leaf.js'
import { base64 } from '../tree/bytes.js'
import { formatCheckpoint } from '../tree/checkpoint.js'
import { formatLogProof } from '../tree/log-proof.js'
import { nodesOf } from '../tree/merkle.js'
import { formatNote, formatVerifier } from '../tree/note.js'
import { consistencyPath, mth, path } from '../tree/recursive-tree.fixture.js'
import { signerOf } from '../tree/sign.js'
import { formatAddCheckpoint } from '../tree/witness.js'
import type { PolicyText } from './policy.js'

const pair = () => generateKeyPairSync('ed25519').privateKey
export const origin = 'hub.example/log'
export const logSigner = signerOf(origin, 'ed25519', pair())
export const countersigner = signerOf('party.example', 'cosignature', pair())
export const policy: PolicyText = {
  origin,
  logKeys: [formatVerifier(logSigner.verifier)],
  countersigners: [formatVerifier(countersigner.verifier)],
  quorum: 1,
}

/** An entry with a section for each of three persons. */
export function exampleEntry(number: number): LogEntry {
  const section = (person: string) => ({
    agency: 'one',
    person,
    caseId: null,
    decisions: [
      {
        coordinate: 'T.f',
        decision: 'SHARE' as const,
        reason: 'RULE',
        clause: '1.1',
        clauses: ['1.1'],
        count: number,
      },
    ],
  })
  return {
    entryId: `entry-${number}`,
    request: `request-${number}`,
    operation: 'DISCLOSURE',
    what: 'QUERY',
    caller: { subject: 's', agency: 'two', roles: ['R'], client: null, onBehalfOf: null },
    purpose: 'P',
    justification: null,
    agreement: 'a@1',
    outcome: 'ANSWERED',
    code: null,
    sections: [section('p1'), section('p2 – ü\u2028'), section('p3')],
    tightens: false,
  }
}

export interface ExampleSection extends PreparedSection, SectionPlace {
  readonly predecessor: SectionPlace | null
}

export interface ExampleEntry {
  readonly id: string
  readonly at: string
  readonly leaf: Buffer
  readonly sections: readonly ExampleSection[]
}

/** The log of `before`, and `count` entries more. */
export function exampleLog(
  count: number,
  from = 0,
  before: readonly ExampleEntry[] = [],
): ExampleEntry[] {
  const log = [...before]
  for (let number = from; number < from + count; number += 1)
    log.push(sealedAfter(log, exampleEntry(number)))
  return log
}

function sealedAfter(log: readonly ExampleEntry[], entry: LogEntry): ExampleEntry {
  const at = '2026-03-04T05:06:07.089Z'
  const earlier = log.flatMap((one) => one.sections)
  const sections = prepare(entry, null).map((section, ordinal) => {
    const chain = chainOf(section)
    const isOfChain = (one: ExampleSection) => chain !== null && chainOf(one)?.equals(chain)
    const predecessor = earlier.findLast(isOfChain) ?? null
    const own = commitment(at, section.digest, link(section.chainSalt, predecessor))
    return { ...section, index: BigInt(log.length), ordinal, commitment: own, predecessor }
  })
  const commitments = sections.map((one) => one.commitment)
  return { id: entry.entryId, at, leaf: leafHash(leafData(entry.entryId, commitments)), sections }
}

export const leavesOfLog = (log: readonly ExampleEntry[]) => log.map((entry) => entry.leaf)

export function checkpointOf(log: readonly ExampleEntry[], cosigned = true): string {
  const text = formatCheckpoint({
    origin,
    size: BigInt(log.length),
    root: mth(leavesOfLog(log)),
    extensions: [],
  })
  return formatNote(text, [
    logSigner.sign(text, 0n),
    ...(cosigned ? [countersigner.sign(text, 7n)] : []),
  ])
}

/** What a reader sees who may see the sections in `ordinals`, with their persons and predecessors. */
export function shown(entry: ExampleEntry, ordinals: readonly number[]): object {
  const sections = entry.sections
    .filter(({ ordinal }) => ordinals.includes(ordinal))
    .map((section) => ({
      ordinal: section.ordinal,
      salt: base64(saltsOf(section.salt).content),
      content: section.content,
      ...(section.person === null
        ? { link: base64(link(section.chainSalt, null)) }
        : {
            person: { id: section.person, salt: base64(saltsOf(section.salt).person) },
            predecessor: { salt: base64(section.chainSalt), ...placeOf(section.predecessor) },
          }),
    }))
  return {
    id: entry.id,
    at: entry.at,
    commitments: entry.sections.map((one) => base64(one.commitment)),
    sections,
  }
}

function placeOf(place: SectionPlace | null): object {
  if (place === null) return {}
  const { index, ordinal, commitment } = place
  return { index: String(index), ordinal, commitment: base64(commitment) }
}

export function proofOf(
  log: readonly ExampleEntry[],
  index: number,
  ordinals: readonly number[],
): string {
  const entry = log[index]
  const extra = entry === undefined ? null : Buffer.from(JSON.stringify(shown(entry, ordinals)))
  return formatLogProof({
    extra,
    index: BigInt(index),
    path: path(index, leavesOfLog(log)),
    checkpoint: checkpointOf(log),
  })
}

/** Entries with even indices show their head and second section. */
export function exportOf(
  log: readonly ExampleEntry[],
  { from, to }: { from: number; to: number } = { from: 0, to: log.length },
): string[] {
  const leaves = leavesOfLog(log)
  const rootsOf = (span: { from: number; to: number }) =>
    nodesOf({ from: BigInt(span.from), to: BigInt(span.to) }).map(({ level, index }) => {
      const first = Number(index << BigInt(level))
      return base64(mth(leaves.slice(first, first + 2 ** level)))
    })
  return [
    JSON.stringify({
      format: 'concordat-log-export/2',
      agency: 'one',
      checkpoint: checkpointOf(log),
      from: String(from),
      to: String(to),
      before: rootsOf({ from: 0, to: from }),
      after: rootsOf({ from: to, to: log.length }),
    }),
    ...log
      .map((entry, index) =>
        JSON.stringify({
          index: String(index),
          leaf: base64(entry.leaf),
          ...(index % 2 === 0 ? { entry: shown(entry, [0, 2]) } : {}),
        }),
      )
      .slice(from, to),
  ]
}

export function growthOf(log: readonly ExampleEntry[], oldSize: number): string {
  return formatAddCheckpoint({
    oldSize: BigInt(oldSize),
    proof: consistencyPath(oldSize, leavesOfLog(log)),
    checkpoint: checkpointOf(log),
  })
}

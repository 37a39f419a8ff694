import { randomUUID } from 'node:crypto'
import { append } from '../../access-log/append.js'
import type { LogEntry } from '../../access-log/entry.js'
import type { Database, Sql } from '../../platform/database.js'
import { StartupError } from '../../platform/startup-error.js'
import { type SignOff, verifyAgreement } from '../../sharing/sign.js'
import type { AgencyRef } from '../../sharing/vocabulary.js'
import type { PartyKeys } from '../party-keys.js'
import type { Candidate } from './candidate.js'
import { lockInForce, putInForce, readState, readVersion, type StoredVersion } from './store.js'

/** Who puts a version in force, and what signatures are checked with. */
export interface Switching {
  readonly database: Database
  readonly agencies: readonly AgencyRef[]
  readonly keys: PartyKeys
  /** Who did it, for the log. */
  readonly by: string
}

export interface Switched {
  /** `<id>@<version>` before; null where none was in force. */
  readonly before: string | null
  readonly after: string
  /** Of what is in force now. */
  readonly digest: string
  /** False where these very bytes and signatures were in force already. */
  readonly isChanged: boolean
  readonly signOff: SignOff
}

/**
 * Puts a version in force: in one transaction with its log entry, which raises `factsEpoch`, so that every
 * process decides by it from its next request on and whatever was decided before is decided anew. Throws a
 * StartupError, and changes nothing, where a party's signature is missing or stale or its time has not come.
 */
export function switchAgreement(candidate: Candidate, of: Switching): Promise<Switched> {
  return of.database.transaction(async (tx) => {
    const { digest } = await lockInForce(tx)
    const signOff = await signOffToday(tx, candidate, of.keys)
    const before = digest === null ? null : await readVersion(tx, digest)
    if (!signOff.inForce) throw notInForce(candidate, signOff, before)
    return put(tx, candidate, { ...of, before, signOff })
  })
}

/**
 * At a start: the first version is put in force; one that is in force already keeps the newest signatures;
 * another one stays as it is, for only `switchAgreement` changes what others decide by. Throws where a
 * party's signature of the folder is missing or stale.
 */
export function beginAgreement(candidate: Candidate, of: Switching): Promise<Switched> {
  return of.database.transaction(async (tx) => {
    const { digest } = await lockInForce(tx)
    const signOff = await signOffToday(tx, candidate, of.keys)
    const before = digest === null ? null : await readVersion(tx, digest)
    const isSigned = signOff.parties.every((one) => one.state === 'SIGNED')
    if (!isSigned || (before === null && !signOff.inForce))
      throw notInForce(candidate, signOff, before)
    if (before !== null && (before.digest !== candidate.digest || !signOff.inForce))
      return {
        before: versionOf(before),
        after: versionOf(before),
        digest: before.digest,
        isChanged: false,
        signOff,
      }
    return put(tx, candidate, { ...of, before, signOff })
  })
}

async function signOffToday(tx: Sql, candidate: Candidate, keys: PartyKeys): Promise<SignOff> {
  const { today } = await readState(tx)
  const { agreement, files, signatures } = candidate
  return verifyAgreement({ agreement, files, signatures, keys, on: today })
}

async function put(
  tx: Sql,
  candidate: Candidate,
  of: Switching & { readonly before: StoredVersion | null; readonly signOff: SignOff },
): Promise<Switched> {
  const { agreement, digest, files, signatures } = candidate
  const { before, signOff } = of
  const after = `${agreement.id}@${agreement.version}`
  const report = { before: before && versionOf(before), after, digest, signOff }
  const isSame = before?.digest === digest
  if (isSame && signedBytes(before) === signedBytes(candidate))
    return { ...report, isChanged: false }
  await refuseTakenNumber(tx, candidate)
  const { id, version } = agreement
  await putInForce(tx, { digest, id, version, files, signatures })
  await append(
    tx,
    agreementEntry(of.agencies, {
      what: isSame ? 'AGREEMENT_SIGNED' : 'AGREEMENT_SWITCHED',
      by: of.by,
      agreement: after,
    }),
  )
  return { ...report, isChanged: true }
}

const signedBytes = ({ signatures }: Pick<StoredVersion, 'signatures'>): string =>
  signatures
    .map((one) => one.signature)
    .sort()
    .join()

/** The log names a version by its number: two texts may not share one. */
async function refuseTakenNumber(tx: Sql, { agreement, digest }: Candidate): Promise<void> {
  const taken = await tx.query(
    'select from agreement.version where id = $1 and version = $2 and digest <> $3',
    [agreement.id, agreement.version, digest],
  )
  if (taken.length > 0)
    throw new StartupError(
      'AGREEMENT_VERSION_TAKEN',
      `another text was in force as ${agreement.id}@${agreement.version}`,
      'give this one a version of its own, and let every party sign it',
    )
}

function notInForce(
  { agreement, directory }: Candidate,
  signOff: SignOff,
  before: StoredVersion | null,
): StartupError {
  return new StartupError(
    'AGREEMENT_NOT_IN_FORCE',
    `${agreement.id}@${agreement.version} in ${directory} cannot be put in force: ${signOff.because.join('; ')}${before === null ? '' : ` (${versionOf(before)} stays in force)`}`,
    'let each party named sign with `concordat agreement sign`, and name its public key under `agreement.keys`',
  )
}

const versionOf = ({ id, version }: StoredVersion): string => `${id}@${version}`

/** An entry about the agreement as a whole: every agency finds it among its own. */
export function agreementEntry(
  agencies: readonly AgencyRef[],
  of: { readonly what: string; readonly by: string; readonly agreement: string },
): LogEntry {
  return {
    entryId: randomUUID(),
    request: randomUUID(),
    what: of.what,
    operation: 'ALTERATION',
    tightens: true,
    caller: { subject: of.by, agency: 'operator', roles: [], client: null, onBehalfOf: null },
    purpose: null,
    justification: null,
    agreement: of.agreement,
    outcome: 'ANSWERED',
    code: null,
    sections: agencies.map(({ id }) => ({
      agency: id,
      person: null,
      caseId: null,
      decisions: [],
    })),
  }
}

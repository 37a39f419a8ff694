import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { JSONWebKeySet } from 'jose'
import { LogWriter } from '../access-log/append.js'
import type { LogSigners } from '../access-log/checkpoints/log-signers.js'
import { type Receipts, receiptsOf } from '../access-log/checkpoints/receipts.js'
import { type RollbackGuard, rollbackGuard } from '../access-log/checkpoints/rollback-guard.js'
import { accessLogMigrations } from '../access-log/migrations.js'
import type { Policy } from '../access-log/tree/checkpoint.js'
import type { WatchRule } from '../access-log/watch/rules.js'
import { DEVELOPMENT_KEY } from '../caller/development-issuer.js'
import { type Issuer, tokenVerifier, type VerifyToken } from '../caller/verify-token.js'
import type { AgencyView } from '../cases/context.js'
import { caseFacts } from '../cases/facts/case-facts.js'
import { loadStandings } from '../cases/facts/standings.js'
import { casesMigrations } from '../cases/migrations.js'
import { consentFacts, consentMigrations } from '../consent/index.js'
import type { LoadStandings } from '../disclosure/fact-store.js'
import { type RateLimit, rateLimit } from '../gateway/rate-limit.js'
import { matchingMigrations } from '../matching/migrations.js'
import type { Configuration } from '../platform/config.js'
import { type Database, openDatabase } from '../platform/database.js'
import { type Keys, openKeys } from '../platform/keys.js'
import type { Log } from '../platform/log.js'
import type { JobQueue } from '../platform/queue.js'
import { StartupError } from '../platform/startup-error.js'
import type { Adapter, Kind } from '../records/adapter.js'
import { recordsMigrations } from '../records/migrations.js'
import { type PublicId, publicIds } from '../records/public-id.js'
import { SourceHealth } from '../records/source-health.js'
import { bornOnOfPersons } from '../records/traits.js'
import type { CompiledAgreement } from '../sharing/compile.js'
import { decide } from '../sharing/decide.js'
import type { FactSource } from '../sharing/fact-source.js'
import { refuseReachingNever } from './checked-agreement.js'
import { coarseCodes } from './coarse-codes.js'
import { type Contract, makeContract } from './contract.js'
import { Agreements } from './in-force/agreements.js'
import { type Candidate, readCandidate } from './in-force/candidate.js'
import { AgreementInForceTables } from './in-force/migration.js'
import { beginAgreement, type Switched } from './in-force/switch.js'
import { openJobQueue } from './job-queue.js'
import { logPolicyOf, logSignersOf } from './log-keys.js'
import { withScheduleCodes } from './log-lead/schedule-codes.js'
import { loadWatchRules } from './log-lead/watch-rules.js'
import { type PartyKeys, partyKeysOf } from './party-keys.js'
import { makeSeals, type Seals } from './seals.js'
import { valueFacts } from './value-facts.js'

/** Everything of one process that rooms share: opened once, closed in order. */
export interface Hub {
  readonly configuration: Configuration
  readonly log: Log
  readonly database: Database
  readonly keys: Keys
  readonly contract: Contract
  /** What is in force, read anew for each request. */
  readonly agreements: Agreements
  /** As last read. */
  readonly agreement: CompiledAgreement
  /** Of the text in the configuration's folder, which may be another than the one in force. */
  readonly folderDigest: string
  /** Public keys by which the parties of the agreement are known. */
  readonly partyKeys: PartyKeys
  readonly agencies: ReadonlyMap<string, AgencyView>
  readonly adapters: ReadonlyMap<string, Adapter>
  /** Which agencies cannot be asked now. */
  readonly health: SourceHealth
  readonly seals: Seals
  readonly publicId: PublicId
  readonly logWriter: LogWriter
  /** The keys that sign the access log's heads. */
  readonly logSigners: LogSigners
  /** Whom a reader of the access log trusts: those keys, and the configured countersigners. */
  readonly logPolicy: Policy
  /** Keeps the hub from answering over a database that lacks what was sealed. */
  readonly logGuard: RollbackGuard
  readonly receipts: Receipts
  /** What log-watch flags. */
  readonly watchRules: readonly WatchRule[]
  readonly factSources: readonly FactSource[]
  readonly loadStandings: LoadStandings
  readonly verifyToken: VerifyToken
  /** Counts requests of one caller; throws RATE_LIMITED. */
  readonly rate: RateLimit
  readonly now: () => Date
  /** The agreement's word on one value; replaced in a test of the test by a wrong one. */
  readonly decide: typeof decide
  readonly coarseCodeOf: (code: string) => string | null
  /** The queue of jobs, opened when it is first asked for. `work()` begins to run jobs in this process. */
  readonly jobQueue: () => Promise<JobQueue>
  close(): Promise<void>
}

export const MIGRATIONS = [
  ...accessLogMigrations,
  ...recordsMigrations,
  ...matchingMigrations,
  ...casesMigrations,
  ...consentMigrations,
  AgreementInForceTables,
]

export interface HubSetting {
  readonly configuration: Configuration
  readonly log: Log
  readonly kinds: readonly Kind[]
  readonly now?: () => Date
  readonly decide?: typeof decide
  /** For tests alone, which open many hubs: the agreement is not proven again to reach no never. */
  readonly agreementIsChecked?: boolean
}

/** Opens everything of a hub but its doors. Throws a StartupError that names what is wrong and the way out. */
export async function openHub(setting: HubSetting): Promise<Hub> {
  const { configuration, log, kinds } = setting
  const now = setting.now ?? (() => new Date())
  checkKinds(configuration, kinds)
  const agencies = new Map(
    configuration.agencies.map(({ id, name, kind }) => [id, { id, name, kind }]),
  )
  const { directory } = configuration.agreement
  const candidate = await readCandidate(directory)
  const partyKeys = partyKeysOf(configuration)
  const refs = [...agencies.values()].map(({ id, kind }) => ({ id, kind }))
  const contract = makeContract(kinds)
  if (setting.agreementIsChecked !== true)
    refuseReachingNever(candidate, { agencies: refs, contract, home: configuration.home })
  const keys = openKeys({ home: configuration.home })
  const logSigners = logSignersOf(configuration, keys)
  const logGuard = rollbackGuard({ home: configuration.home, signers: logSigners, log })
  const database = await openDatabase({
    home: configuration.home,
    databaseUrl: configuration.databaseUrl,
    log,
    migrations: MIGRATIONS,
    onConnected: (sql) => logGuard.look(sql),
  })
  try {
    await database.migrate()
    await logGuard.arm(database)
    const begun = { database, agencies: refs, keys: partyKeys, by: 'hub' }
    noteOther(log, candidate, await beginAgreement(candidate, begun))
    const agreements = new Agreements(database, { agencies: refs, keys: partyKeys, log })
    await agreements.read()
    const adapters = await openAdapters(configuration, kinds, database, now)
    const secret = keys.secret('hub').current
    const seals = makeSeals({
      cursors: secret.derive('cursors', 32),
      texts: secret.derive('justifications', 32),
      pseudonyms: secret.derive('pseudonyms', 32),
    })
    const queue: { opened: Promise<JobQueue> | null } = { opened: null }
    const hub: Hub = {
      jobQueue: () => {
        queue.opened ??= openJobQueue(hub)
        return queue.opened
      },
      configuration,
      log,
      database,
      keys,
      contract,
      agreements,
      get agreement() {
        return agreements.last.compiled
      },
      folderDigest: candidate.digest,
      partyKeys,
      agencies,
      adapters,
      health: new SourceHealth(adapters, configuration.limits.sourceDeadlineMs),
      seals,
      now,
      rate: rateLimit(configuration.limits.requestsPerMinuteMax, now),
      publicId: publicIds(secret.derive('public-ids', 32)),
      logWriter: new LogWriter(
        database,
        (text) => seals.sealText(text),
        undefined,
        () => logGuard.look(database),
      ),
      logSigners,
      logGuard,
      logPolicy: logPolicyOf(configuration, logSigners),
      watchRules: loadWatchRules(configuration.log.watchRules ?? null),
      receipts: receiptsOf(keys.secret('receipts')),
      factSources: [
        valueFacts,
        caseFacts(database, { bornOn: (persons) => bornOnOfPersons(database, persons) }),
        consentFacts(database),
      ],
      loadStandings: (ask) => loadStandings(database, ask),
      verifyToken: tokenVerifier(await issuersOf(configuration, keys), configuration.audience),
      decide: setting.decide ?? decide,
      coarseCodeOf: withScheduleCodes(coarseCodes(kinds), { agencies, contract }),
      close: async () => {
        await (await queue.opened)?.close()
        await Promise.all([...adapters.values()].map((one) => one.close()))
        await database.close()
      },
    }
    return hub
  } catch (error) {
    await database.close()
    throw error
  }
}

/** The folder is a proposal once a version is in force: said, so that nobody takes it for what is decided by. */
function noteOther(log: Log, { agreement, digest }: Candidate, begun: Switched): void {
  if (begun.digest === digest) return
  log.warn('agreement-folder-not-in-force', { version: agreement.version })
}

function checkKinds(configuration: Configuration, kinds: readonly Kind[]): void {
  for (const agency of configuration.agencies) {
    const kind = kinds.find((one) => one.kind === agency.kind)
    if (!kind)
      throw new StartupError(
        'KIND_UNKNOWN',
        `the agency \`${agency.id}\` is of the kind \`${agency.kind}\`, which no adapter maps`,
        `use one of ${kinds.map((one) => `\`${one.kind}\``).join(', ')}, or add the kind to \`adapters/index.ts\``,
      )
    if (!kind.transports.includes(agency.transport))
      throw new StartupError(
        'TRANSPORT_UNKNOWN',
        `the agency \`${agency.id}\` wants the transport \`${agency.transport}\``,
        `the kind \`${kind.kind}\` has ${kind.transports.map((one) => `\`${one}\``).join(', ')}`,
      )
  }
}

async function openAdapters(
  configuration: Configuration,
  kinds: readonly Kind[],
  database: Database,
  now: () => Date,
): Promise<ReadonlyMap<string, Adapter>> {
  const adapters = new Map<string, Adapter>()
  for (const { id, name, kind: kindName, transport, settings } of configuration.agencies) {
    const kind = kinds.find((one) => one.kind === kindName)
    if (!kind) continue
    const adapter = await kind.create({
      agency: { id, name, kind: kindName },
      transport,
      settings: kind.parseSettings(settings),
      store: await database.agencyStore(id),
      now,
      deadlineMs: configuration.limits.sourceDeadlineMs,
    })
    adapters.set(id, adapter)
  }
  return adapters
}

async function issuersOf(configuration: Configuration, keys: Keys): Promise<readonly Issuer[]> {
  const found: Issuer[] = []
  for (const { id, kind, issuer } of configuration.agencies) {
    const agency = { id, kind }
    if (issuer.jwks === null) {
      if (configuration.development.issuer)
        found.push({ iss: issuer.iss, agency, keys: { jwks: developmentKeys(keys) } })
    } else if (/^https?:/.test(issuer.jwks))
      found.push({ iss: issuer.iss, agency, keys: { url: issuer.jwks } })
    else
      found.push({
        iss: issuer.iss,
        agency,
        keys: { jwks: JSON.parse(await readFile(issuer.jwks, 'utf8')) as JSONWebKeySet },
      })
  }
  return found
}

function developmentKeys(keys: Keys): JSONWebKeySet {
  return {
    keys: keys.signing(DEVELOPMENT_KEY).all.map(({ kid, publicKey }) => ({
      ...publicKeyJwk(publicKey),
      kid,
      alg: 'EdDSA',
      use: 'sig',
    })),
  }
}

function publicKeyJwk(key: KeyObject): { kty: string; crv: string; x: string } {
  const { kty, crv, x } = key.export({ format: 'jwk' })
  return { kty: kty ?? '', crv: crv ?? '', x: x ?? '' }
}

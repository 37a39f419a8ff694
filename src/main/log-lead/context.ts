import type { AccessLogContext, LogTarget, LogWords } from '../../access-log/lead-context.js'
import { isId } from '../../cases/ids.js'
import { partRows, partRowsOfCases } from '../../cases/store/rows.js'
import { mayWrite } from '../../sharing/may-write.js'
import type { Hub } from '../hub.js'
import type { HubRequest } from '../hub-context.js'
import { breachSearch } from './breach.js'
import { emergencies, emergencyClauses } from './emergencies.js'
import { aliasesOf, categoryOfFields } from './names-in-the-log.js'
import { replyGuard } from './reply-guard.js'

type Given = Pick<
  AccessLogContext,
  | 'logTargetOfPart'
  | 'logTargetOfCase'
  | 'pseudonym'
  | 'openJustification'
  | 'sealJustification'
  | 'log'
>

/** What reading the log needs of the other rooms and of the agreement, for one request. */
export function logLeadContext(hub: Hub, request: HubRequest): Given {
  const { database, seals } = hub
  return {
    logTargetOfPart: async (partId) => {
      const [row] = isId(partId) ? await partRows(database, [partId], null) : []
      if (!row || row.person_key === null) return null
      return {
        partId,
        caseId: row.case_id,
        about: { persons: await aliasesOf(hub, [row.person_key]), caseId: null },
      }
    },
    logTargetOfCase: (caseId) => targetOfCase(hub, caseId),
    pseudonym: (person, agency) => seals.pseudonym(person, agency),
    openJustification: (sealed) => seals.openText(sealed),
    sealJustification: (text) => seals.sealText(text),
    log: wordsOf(hub, request),
  }
}

async function targetOfCase(hub: Hub, caseId: string): Promise<LogTarget | null> {
  const parts = isId(caseId) ? await partRowsOfCases(hub.database, [caseId], null) : []
  if (parts.length === 0) return null
  const keys = parts.flatMap((one) => one.person_key ?? [])
  return { partId: null, caseId, about: { persons: await aliasesOf(hub, keys), caseId } }
}

function wordsOf(hub: Hub, { caller }: HubRequest): LogWords {
  return {
    mayRecord: () =>
      mayWrite(hub.agreement, caller, { act: 'RECORD', category: 'LOG_RECORD' }).kind === 'MAY',
    categoryOf: categoryOfFields(hub),
    investigationPurposes: hub.agreement.agreement.purposes.flatMap((one) =>
      one.investigation ? [one.code] : [],
    ),
    agencyName: (agency) => hub.agencies.get(agency)?.name ?? agency,
    purposeTitle: (purpose) =>
      hub.agreement.agreement.purposes.find((one) => one.code === purpose)?.title ?? purpose,
    replyGuard: (partId) => replyGuard(hub, partId),
    emergencies: () => emergencies(hub),
    emergencyClauses: emergencyClauses(hub),
    breachSearch: (basis) => breachSearch(hub, basis),
  }
}

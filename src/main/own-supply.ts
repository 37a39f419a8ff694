import type { LogEntry } from '../access-log/entry.js'
import type { Hub } from './hub.js'
import type { HubContext, HubRequest } from './hub-context.js'
import { setSupply } from './in-force/suspend.js'
import { requireRight } from './writing.js'

/** Of one request: the right is asked for, and every agency finds the entry among its own. */
export async function setOwnSupply(
  hub: Hub,
  request: HubRequest,
  of: {
    readonly context: HubContext
    readonly isSuspended: boolean
    readonly entry: (what: string) => LogEntry
  },
): Promise<void> {
  await requireRight(hub, request, of.context, 'SUSPEND_SUPPLY', {
    caseId: null,
    partId: null,
    part: null,
    category: 'CASE_STATUS',
    aspect: null,
  })
  const { agency, subject } = request.caller
  await setSupply(hub.database, {
    agencies: [agency.id],
    isSuspended: of.isSuspended,
    by: `${agency.id}/${subject}`,
    entry: (what) => ({
      ...of.entry(what),
      sections: [...hub.agencies.keys()].map((id) => ({
        agency: id,
        person: null,
        caseId: null,
        decisions: [],
      })),
    }),
  })
}

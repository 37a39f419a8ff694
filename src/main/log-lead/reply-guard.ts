import type { ReplyGuard } from '../../access-log/review/reply.js'
import { PERPETRATOR } from '../../cases/graph/enums.js'
import { partRows, partRowsOfPersons } from '../../cases/store/rows.js'
import { selects } from '../../sharing/spot.js'
import type { Hub } from '../hub.js'

/** On which side an applicant stands, over all cases; and which agencies have people on the victims'. */
export async function replyGuard(hub: Hub, partId: string): Promise<ReplyGuard> {
  const [part] = await partRows(hub.database, [partId], null)
  const key = part?.person_key ?? null
  const others = key === null ? [] : await partRowsOfPersons(hub.database, [key])
  const ofVictims = hub.agreement.agreement.roles.filter((one) => one.side === 'VICTIM')
  return {
    isPerpetrator: [part, ...others].some((one) => one?.kind === PERPETRATOR),
    isOnVictimsSide: (id) => {
      const agency = hub.agencies.get(id)
      return (
        agency === undefined ||
        ofVictims.some(
          ({ agencies }) => agencies === null || agencies.some((one) => selects(one, agency)),
        )
      )
    },
  }
}

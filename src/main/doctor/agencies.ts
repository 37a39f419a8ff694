import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { AgencyConfiguration, Configuration } from '../../platform/config.js'
import { errorCode } from '../../platform/error-code.js'
import type { Kind } from '../../records/adapter.js'
import { type Finding, fail, nameOf, ok, warn } from './finding.js'
import { tryConnect } from './probe.js'

/** Whether each agency's kind is known, its settings can be read, and what they name is there. */
export async function agencyFindings(
  { agencies }: Configuration,
  kinds: readonly Kind[],
): Promise<readonly Finding[]> {
  const found = await Promise.all(agencies.map((agency) => agencyFinding(agency, kinds)))
  return found.flat()
}

async function agencyFinding(
  agency: AgencyConfiguration,
  kinds: readonly Kind[],
): Promise<readonly Finding[]> {
  const subject = agency.id
  const kind = kinds.find((one) => one.kind === agency.kind)
  if (!kind?.transports.includes(agency.transport))
    return [
      fail(
        subject,
        `no adapter for the kind \`${agency.kind}\` by \`${agency.transport}\``,
        `use one of ${kinds.map((one) => `${one.kind} (${one.transports.join(', ')})`).join('; ')}`,
      ),
    ]
  try {
    kind.parseSettings(agency.settings)
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : nameOf(error)
    return [fail(subject, `its settings cannot be used: ${said}`, 'see docs/agencies')]
  }
  const places = Object.values(agency.settings).filter((one) => typeof one === 'string')
  const looks = places.flatMap((place) => {
    if (/^https?:\/\//.test(place)) return [reachable(subject, place)]
    return isAbsolute(place) ? [Promise.resolve(folder(subject, place))] : []
  })
  const found = await Promise.all(looks)
  return found.length > 0 ? found : [ok(subject, 'has nothing to be reached')]
}

/** A host that accepts a connection: what it says is its adapter's business. */
async function reachable(subject: string, address: string): Promise<Finding> {
  const url = URL.canParse(address) ? new URL(address) : null
  if (!url) return fail(subject, 'its address is none', 'write it like https://host/path')
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const place = `${url.hostname}:${port}`
  const code = await tryConnect(url.hostname, port)
  return code === null
    ? ok(subject, `${place} is reachable`)
    : warn(
        subject,
        `${place} cannot be reached (${code}); its own fields are withheld until it can`,
        'start it, or mend its address in the configuration',
      )
}

function folder(subject: string, path: string): Finding {
  try {
    statSync(path)
    return ok(subject, `\`${path}\` is there`)
  } catch (error) {
    return warn(
      subject,
      `\`${path}\` is not there (${errorCode(error) ?? 'unknown'})`,
      'make it, or mend its path in the configuration',
    )
  }
}

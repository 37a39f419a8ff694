import { STAFF } from '../samples/population/index.js'
import { makeAnswering } from '../src/main/answer.js'
import type { Hub } from '../src/main/hub.js'
import { personaTokens } from '../src/main/personas.js'
import { ask, CONNECTIONS, type Load, load, type Target } from './load.js'
import { type LoadedHub, openLoadedHub, serve } from './loaded-hub.js'
import { finding, interleaved, type Report, ratiosOf, spreadOf } from './measure.js'
import { startOneSchema, type Whose } from './one-schema.js'
import type { Asked } from './settings.js'
import { answeringWithoutRules, withoutLog } from './without-rules.js'

/** 20 cases with everybody in them and every agency's record of each: some ten fields of a record. */
export const VIEW = `query CaseView {
  cases(first: 20) { edges { node {
    reference stage isOpen openedOn
    parts { as legalStatus person { records {
      __typename id agency { name } recordedAt handling
      names { family given } bornOn addresses { lines postcode from }
      ... on PoliceRecord { phones emails }
      ... on NhsRecord { phones emails }
      ... on CharityRecord { phones emails }
    } } }
  } } }
}`
const PERSONA = 'detective'
const PURPOSE = 'VICTIM_SAFETY'

type Variant = 'whole' | 'noLog' | 'bare' | 'plain' | 'plainLogged' | 'live'

/** The case view through HTTP: governed, without log, without rules, and one schema behind Apollo Server. */
export async function caseView({ cases, rounds, seconds }: Asked): Promise<Report> {
  const hubs = await openLoadedHub(cases)
  const doors: { close: () => Promise<void> }[] = []
  try {
    const targets = await targetsOf(hubs, doors)
    const sizes = new Map<string, number>()
    const listed = new Set<string>()
    for (const [name, target] of Object.entries(targets)) {
      const { data, bytes } = await ask(target)
      sizes.set(name, bytes)
      listed.add(casesIn(data))
      await load(target, seconds)
    }
    if (listed.size !== 1) throw new Error('the variants do not list the same cases')
    const variants = Object.fromEntries(
      Object.entries(targets).map(([name, target]) => [name, () => load(target, seconds)]),
    )
    return report({ cases, rounds, seconds }, sizes, await interleaved(variants, rounds))
  } finally {
    for (const door of doors.reverse()) await door.close()
    await hubs.close()
  }
}

async function targetsOf(
  { live, memory }: LoadedHub,
  doors: { close: () => Promise<void> }[],
): Promise<Readonly<Partial<Record<Variant, Target>>>> {
  const open = async <Door extends { url: string; close: () => Promise<void> }>(
    opened: Promise<Door>,
  ): Promise<string> => {
    const door = await opened
    doors.push(door)
    return door.url
  }
  const { headers, asker } = await askerFor(memory)
  await allocate(memory, asker)
  const to = (url: string): Target => ({ url, query: VIEW, headers })
  return {
    whole: to(await open(serve(memory, makeAnswering(memory)))),
    noLog: to(await open(serve(memory, makeAnswering(withoutLog(memory))))),
    bare: to(await open(serve(memory, answeringWithoutRules(memory)))),
    plain: to(await open(startOneSchema(memory, { logged: false, asker }))),
    plainLogged: to(await open(startOneSchema(memory, { logged: true, asker }))),
    ...(live && { live: to(await open(serve(live, makeAnswering(live)))) }),
  }
}

async function askerFor(
  hub: Hub,
): Promise<{ headers: Readonly<Record<string, string>>; asker: Whose }> {
  const [persona] = await personaTokens(hub, PERSONA)
  const subject = STAFF.find((one) => one.persona === PERSONA)?.subject
  if (!persona || subject === undefined) throw new Error(`no persona ${PERSONA}`)
  return {
    headers: { authorization: `Bearer ${persona.token}`, 'purpose-of-use': PURPOSE },
    asker: { subject, agency: persona.agency },
  }
}

/** More cases than the view lists: of a page a few are read beyond it. */
const ALLOCATED = 60

/**
 * Gives whoever asks a place in the first cases of the caseload, whatever its size: in a large one they
 * would have none in most of the cases that are listed, and a refusal is not what is measured.
 */
async function allocate({ database }: Hub, { subject, agency }: Whose): Promise<void> {
  await database.query(
    `insert into cases.allocation (case_id, subject, member_agency, role, side, from_at, recorded_by, agency, recorded_at)
     select f.id, $1, $2, $3, 'NEITHER', now() - interval '1 day', $1, $2, now() - interval '1 day'
     from (select id from cases.case_file order by id limit ${ALLOCATED}) f
     where not exists (select from cases.allocation a
       where a.case_id = f.id and a.subject = $1 and a.member_agency = $2 and a.to_at is null)`,
    [subject, agency, PERSONA.toUpperCase()],
  )
  await database.query('analyze cases.allocation')
}

/** The cases that a view lists: every variant must show the same, or they are not one measurement. */
function casesIn(data: unknown): string {
  return [...JSON.stringify(data).matchAll(/"reference":"([^"]+)"/g)].map((one) => one[1]).join()
}

function report(
  { cases, rounds, seconds }: Asked,
  sizes: ReadonlyMap<string, number>,
  runs: ReadonlyMap<string, readonly Load[]>,
): Report {
  const rate = (name: Variant) => (runs.get(name) ?? []).map((one) => one.perSecond)
  const cpu = (name: Variant) => (runs.get(name) ?? []).map((one) => one.cpuMs)
  const p50 = (name: Variant) => (runs.get(name) ?? []).map((one) => one.p50Ms)
  const names: readonly (readonly [Variant, string])[] = [
    ['whole', 'the hub: rules, facts and log'],
    ['noLog', 'the hub without its log'],
    ['bare', 'the hub without rules and log'],
    ['plain', 'one schema behind Apollo Server'],
    ['plainLogged', 'the same, a committed insert for each request'],
    ['live', 'the hub over the simulated agencies'],
  ]
  return {
    name: `case-view, ${cases} cases`,
    setting: [
      `${CONNECTIONS} connections; ${rounds} rounds of ${seconds} s each, interleaved; median (least–most).`,
      `Answers: ${names.flatMap(([name]) => (sizes.has(name) ? [`${name} ${sizes.get(name)} bytes`] : [])).join(', ')}.`,
    ],
    findings: [
      ...names
        .filter(([name]) => runs.has(name))
        .flatMap(([name, what]) => [
          finding(what, 'per s', spreadOf(rate(name))),
          finding(`${what}, p50`, 'ms', spreadOf(p50(name))),
          finding(`${what}, processor time of the server’s thread`, 'ms', spreadOf(cpu(name))),
        ]),
      finding(
        'rules and facts, over one schema',
        'times',
        ratiosOf(rate('noLog'), rate('plain')),
        '≥ 2',
      ),
      finding(
        'with the log, over one schema with an insert',
        'times',
        ratiosOf(rate('whole'), rate('plainLogged')),
        '≥ 1.75',
      ),
      finding(
        'p50 of the whole, over the hub without rules',
        'times',
        ratiosOf(p50('whole'), p50('bare')),
        '≤ 1.5',
      ),
      finding(
        'processor time of the whole, over the hub without rules',
        'times',
        ratiosOf(cpu('whole'), cpu('bare')),
      ),
      finding(
        'processor time of the whole, over one schema with an insert',
        'times',
        ratiosOf(cpu('whole'), cpu('plainLogged')),
      ),
    ],
  }
}

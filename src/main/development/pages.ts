import type { FastifyInstance, FastifyReply } from 'fastify'
import type { DocumentNode } from 'graphql'
import { CASE_VIEW, SIDE_BY_SIDE } from '../../../samples/case-view.js'
import { STAFF } from '../../../samples/population/index.js'
import type { Answering } from '../answer.js'
import type { Hub } from '../hub.js'
import { type PersonaToken, personaTokens } from '../personas.js'
import { askAsPersona, readOperation } from './ask-as-persona.js'
import { assetOf } from './assets.js'
import type { Column } from './column.js'
import { GRAPHIQL_POLICY, graphiqlPage } from './graphiql-page.js'
import { errorPage, PAGE_POLICY } from './page.js'
import { startPage } from './start-page.js'
import { type ShownCase, shownCase, shownCases, teamOf } from './told-cases.js'

/** What went into an address, one text each; a parameter given twice counts as not given. */
type Query = Readonly<Record<string, unknown>>

interface Pages {
  readonly hub: Hub
  readonly answering: Answering
  readonly document: DocumentNode
}

/**
 * The pages that exist in development only: the told cases as every persona sees them, and GraphiQL as
 * any of them. Each view goes through the same door as a request of that persona. Adds nothing where
 * the configuration has no start page or no development issuer.
 */
export async function addDevelopmentPages(
  app: FastifyInstance,
  hub: Hub,
  answering: Answering,
): Promise<void> {
  const { startPage: wanted, issuer } = hub.configuration.development
  if (!wanted || !issuer) return
  const pages = { hub, answering, document: readOperation(hub, CASE_VIEW) }
  app.get('/', async (request, reply) => sendStart(pages, queryOf(request.query), reply))
  app.get('/graphiql', async (request, reply) => sendGraphiql(pages, queryOf(request.query), reply))
  app.get('/assets/:name', async (request, reply) => {
    const asset = await assetOf(text(queryOf(request.params), 'name') ?? '')
    if (!asset) return sendError(reply, 404, 'There is no such file', 'The pages do not use it.')
    return reply.type(`${asset.type}; charset=utf-8`).send(asset.body)
  })
}

async function sendStart(pages: Pages, query: Query, reply: FastifyReply): Promise<FastifyReply> {
  const { hub } = pages
  const cases = await shownCases(hub)
  const chosen = await chosenCase(hub, query, cases)
  if (!chosen) return sendNoCase(reply, cases)
  const personas = await personaTokens(hub)
  const columns = await columnsOf(pages, query, chosen, personas)
  const asked = text(query, 'who')
  const known = columns.map((one) => one.persona.persona)
  const { agreement } = hub.agreement
  return send(
    reply,
    startPage({
      unit: hub.configuration.unit.name,
      agreement: hub.agreement,
      cases,
      chosen,
      columns,
      inFront: asked !== null && known.includes(asked) ? asked : (known[0] ?? ''),
      purposes: new Map(agreement.purposes.map((one) => [one.code, one.title])),
    }),
    PAGE_POLICY,
  )
}

async function columnsOf(
  pages: Pages,
  query: Query,
  chosen: ShownCase,
  personas: readonly PersonaToken[],
): Promise<readonly Column[]> {
  const { hub, document } = pages
  const team = await teamOf(hub, chosen.id)
  const onTeam = ({ persona }: PersonaToken): boolean =>
    STAFF.some((one) => one.persona === persona && team.has(one.subject))
  const shown = SIDE_BY_SIDE.flatMap((place) => {
    const able = place.personas.flatMap((name) => personas.filter((one) => one.persona === name))
    const persona = able.find(onTeam) ?? able[0]
    return persona ? [{ persona, first: place.purpose }] : []
  })
  return Promise.all(
    shown.map(async ({ persona, first }) => {
      const may = (purpose: string | null) => persona.purposes.find((one) => one === purpose)
      const purpose =
        may(text(query, `purpose.${persona.persona}`)) ?? may(first) ?? persona.purpose
      const asked = await askAsPersona(
        pages,
        { token: persona.token, purpose },
        { document, variables: { id: chosen.id } },
      )
      const role = hub.agreement.agreement.roles.find((one) => persona.roles.includes(one.code))
      return {
        persona,
        purpose,
        asked,
        role: role?.title ?? persona.roles.join(', '),
        agency: hub.agencies.get(persona.agency)?.name ?? persona.agency,
      }
    }),
  )
}

async function sendGraphiql(
  pages: Pages,
  query: Query,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { hub } = pages
  const name = text(query, 'persona') ?? SIDE_BY_SIDE[0]?.personas[0] ?? ''
  const [persona] = await personaTokens(hub, name)
  if (!persona)
    return sendError(
      reply,
      404,
      'There is no such persona',
      `Nobody of the sample is called “${name}”. The personas are ${STAFF.map((one) => one.persona).join(', ')}.`,
    )
  const cases = await shownCases(hub)
  const shown = await chosenCase(hub, query, cases)
  if (!shown) return sendNoCase(reply, cases)
  const asked = text(query, 'purpose')
  const first = SIDE_BY_SIDE.find((one) => one.personas.includes(name))?.purpose
  const may = persona.purposes.includes(first ?? '') ? first : persona.purpose
  const purpose = asked ?? may ?? ''
  if (!persona.purposes.includes(purpose))
    return sendError(
      reply,
      400,
      'This persona may not state that purpose',
      `“${purpose}” is not among the purposes of ${name}: ${persona.purposes.join(', ')}.`,
    )
  return send(reply, graphiqlPage({ persona, purpose, shown, query: CASE_VIEW }), GRAPHIQL_POLICY)
}

/** The case asked for, else the first; null where there is none. */
async function chosenCase(
  hub: Hub,
  query: Query,
  cases: readonly ShownCase[],
): Promise<ShownCase | null> {
  const asked = text(query, 'case')
  return asked === null ? (cases[0] ?? null) : shownCase(hub, asked)
}

function sendNoCase(reply: FastifyReply, cases: readonly ShownCase[]): FastifyReply {
  return cases.length === 0
    ? sendError(reply, 404, 'There are no cases yet', 'Load a caseload, then come back.')
    : sendError(
        reply,
        404,
        'There is no such case',
        `The cases to look at are ${cases.map((one) => one.reference).join(', ')}.`,
      )
}

function send(reply: FastifyReply, body: string, policy: string): FastifyReply {
  return reply
    .header('content-security-policy', policy)
    .header('referrer-policy', 'no-referrer')
    .type('text/html; charset=utf-8')
    .send(body)
}

function sendError(reply: FastifyReply, status: number, title: string, says: string): FastifyReply {
  return send(reply.code(status), errorPage(title, says), PAGE_POLICY)
}

function queryOf(value: unknown): Query {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

const textLengthMax = 200

function text(query: Query, name: string): string | null {
  const value = query[name]
  return typeof value === 'string' && value !== '' && value.length <= textLengthMax ? value : null
}

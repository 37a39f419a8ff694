import type { FastifyInstance } from 'fastify'
import type { Answering } from '../answer.js'
import type { Hub } from '../hub.js'

/** The pages that exist in development only: the start page and GraphiQL. */
export async function addDevelopmentPages(
  app: FastifyInstance,
  hub: Hub,
  answering: Answering,
): Promise<void> {
  void hub
  void answering
  app.get('/', async (_request, reply) =>
    reply.type('text/html').send('<!doctype html><title>Concordat</title>'),
  )
}

import 'reflect-metadata'
import { expect, test } from '@jest/globals'
import { KINDS } from '../../../adapters/index.js'
import { configurationSchema } from '../../platform/config-schema.js'
import { makeContract } from '../contract.js'
import { readOperation } from '../plan/read-operation.js'
import { BREACH, FLAGS, SCHEDULE } from './log-work.js'

const schema = makeContract(KINDS).apiSchema
const limits = configurationSchema.shape.limits.parse({})

test.each([
  ['breach', BREACH],
  ['schedule', SCHEDULE],
  ['watch', FLAGS],
])('what `log %s` asks is valid and within the limits that a hub has by default', (_verb, text) => {
  expect(() => readOperation(text, null, { schema, limits, introspection: false })).not.toThrow()
})

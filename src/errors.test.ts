import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { CodedError, coded, ERRORS } from './errors.js'
import { packageRoot } from './platform/paths.js'

const page = readFileSync(join(packageRoot(), 'docs', 'errors.md'), 'utf8')
const rows = [...page.matchAll(/^\| `([A-Z_]+)` \| (\d{3}) \| (.*?) \| (.+) \|$/gm)]

/** Whatever a sentence fills in reads `…`. */
const anything = new Proxy({}, { get: () => '…' })

describe('the table of errors', () => {
  test('is the page for client developers, line by line', () => {
    const told = rows.map(([, code, status, says]) => ({ code, status: Number(status), says }))
    const table = Object.entries(ERRORS).map(([code, { status, says }]) => ({
      code,
      status,
      says: (says as (data: object) => string)(anything),
    }))
    expect(told).toEqual(table)
  })

  test('says of every code what to do', () => {
    for (const [, code, , , wayOut] of rows)
      expect(`${code}: ${wayOut}`).toMatch(/^[A-Z_]+: \S.*\.$/)
  })

  test('speaks in lower-case sentences without a full stop', () => {
    for (const { says } of Object.values(ERRORS)) {
      const sentence = (says as (data: object) => string)(anything)
      expect(sentence).not.toMatch(/^[A-Z]|\.$/)
    }
  })

  test('an error carries its code, its status, its sentence and the field to blame', () => {
    const error = coded('INPUT_INVALID', { reason: 'it must be a date' }, 'givenAt')
    expect(error).toBeInstanceOf(CodedError)
    expect({ ...error, message: error.message }).toEqual({
      code: 'INPUT_INVALID',
      status: 400,
      message: 'it must be a date',
      field: 'givenAt',
      data: { reason: 'it must be a date' },
    })
  })
})

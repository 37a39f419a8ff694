import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { environmentOf } from './config-environment.js'
import { configurationSchema } from './config-schema.js'
import { packageRoot } from './paths.js'

const page = readFileSync(join(packageRoot(), 'docs', 'operating', 'README.md'), 'utf8')

interface Form {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Form>>
  readonly required?: readonly string[]
  readonly items?: Form
  readonly additionalProperties?: Form
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
}

/** One line for each key that can be written, as the page says it: key, form, default. */
function lines(form: Form, key: string, isNeeded: boolean): string[] {
  if (form.properties)
    return Object.entries(form.properties).flatMap(([name, inner]) =>
      lines(inner, key === '' ? name : `${key}.${name}`, form.required?.includes(name) === true),
    )
  const line = `\`${key}\` | ${formText(form)} | ${defaultText(form, isNeeded)}`
  if (form.items?.type === 'object') return [line, ...lines(form.items, `${key}[]`, true)]
  return [line]
}

function formText(form: Form): string {
  if (form.enum) return `one of ${form.enum.join(', ')}`
  switch (form.type) {
    case 'integer':
      return `whole number, ${form.minimum} to ${form.maximum}`
    case 'boolean':
      return 'true or false'
    case 'array':
      return form.items?.type === 'object'
        ? `list, ${form.minItems} to ${form.maxItems}`
        : `list of text, at least ${form.minItems}`
    case 'object':
      return form.additionalProperties?.type === 'array' ? 'by party, lists of text' : 'by kind'
    default:
      return form.pattern === undefined ? 'text' : 'words joined by hyphens'
  }
}

function defaultText(form: Form, isNeeded: boolean): string {
  if (form.default === undefined) return isNeeded ? '–' : 'none'
  return `\`${typeof form.default === 'string' ? form.default : JSON.stringify(form.default)}\``
}

describe('the configuration reference', () => {
  test('has every key with its form and default, in the order of the schema, and no other', () => {
    const told = [...page.matchAll(/^\| (`[a-z][^`]*` \| [^|]+ \| [^|]+) \| [^|]+ \|$/gm)].map(
      ([, line]) => line,
    )
    const schema = z.toJSONSchema(configurationSchema, { io: 'input' }) as Form
    expect(told).toEqual(lines(schema, '', true))
  })

  test('has every environment variable that the configuration reads', () => {
    const read = new Set(['CONCORDAT_CONFIG'])
    environmentOf(
      new Proxy<Record<string, string | undefined>>(
        {},
        {
          get: (_none, name) => {
            read.add(String(name))
            return undefined
          },
        },
      ),
    )
    const told = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name]) => name)
    expect(told.sort()).toEqual([...read].sort())
  })
})

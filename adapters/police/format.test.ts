import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { renderExtract } from '../../samples/police/render.js'
import { makeWorld } from '../../samples/population/index.js'
import { packageRoot } from '../../src/platform/paths.js'
import { policeFormats } from './format.js'

const folder = join(packageRoot(), 'schema', 'formats')
const schemas = Object.entries(policeFormats())

describe('the committed schemas of the exchange format', () => {
  test.each(schemas)(
    '%s is what the code says (write it anew with `policeFormats`)',
    (name, schema) => {
      expect(readFileSync(join(folder, name), 'utf8')).toBe(schema)
    },
  )

  test('are these and no others', () => {
    const committed = readdirSync(folder).filter((name) => name.startsWith('police-'))
    expect(committed.sort()).toEqual(schemas.map(([name]) => name).sort())
  })
})

describe('every line that the sample force writes is one of the format', () => {
  const extract = renderExtract(makeWorld({ seed: 3, police: 200, nhs: 5, charity: 5, cases: 20 }))
  test.each(Object.entries(extract))('%s', (file, lines) => {
    const schema = policeFormats()[`police-${file.replace(/s$/, '')}.schema.json`] ?? 'false'
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(schema))
    expect(lines.size).toBeGreaterThan(0)
    for (const line of lines.values())
      expect([validate(line), validate.errors]).toEqual([true, null])
  })
})

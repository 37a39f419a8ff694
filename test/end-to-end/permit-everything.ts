import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { packageRoot } from '../../src/platform/paths.js'
import { CATEGORIES } from '../../src/sharing/vocabulary.js'

/** Writes an agreement of one clause, with no never of its own, that shares everything with a detective. */
export function permitEverything(directory: string): void {
  const file = join(packageRoot(), 'agreements', 'unit-2026', 'agreement.yaml')
  const text = parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  const clause = {
    clause: '1.1',
    permit: CATEGORIES.filter((one) => one !== 'NOT_TAKEN' && one !== 'HOLDING'),
    of: 'ANY',
    from: 'any',
    to: ['DETECTIVE'],
    for: 'ANY_HELD',
    when: [],
    form: 'SHARE',
    basis: { giver: ['UK_GDPR_6_1_E'] },
  }
  writeFileSync(
    join(directory, 'agreement.yaml'),
    stringify({ ...text, agreement: 'open', nevers: [] }),
  )
  writeFileSync(join(directory, 'all.yaml'), stringify([clause]))
}

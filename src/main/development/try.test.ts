import { writeFileSync } from 'node:fs'
import { test } from '@jest/globals'
import { CASE_VIEW } from '../../../samples/case-view.js'
import { bootWorld } from '../../../test/world.js'

test('x', async () => {
  const world = await bootWorld({ cases: 14 })
  try {
    const id = await world.caseId('ASU-00001')
    const out: Record<string, unknown> = {}
    for (const [p, purpose] of [
      ['detective', 'VICTIM_SAFETY'],
      ['psychologist', 'PERPETRATOR_TREATMENT'],
      ['manager', 'RISK_ASSESSMENT'],
      ['outreach', 'CARE_COORDINATION'],
      ['advocate', 'VICTIM_SAFETY'],
      ['support-officer', 'CASE_ADMINISTRATION'],
      ['system-police', 'CASE_ADMINISTRATION'],
      ['ig-lead-police', 'LOG_AUDIT'],
    ] as const)
      out[p] = JSON.parse((await world.ask(p, CASE_VIEW, { purpose, variables: { id } })).raw)
    writeFileSync('/tmp/devpages/out.json', JSON.stringify(out, null, 1))
  } finally {
    await world.close()
  }
}, 120000)

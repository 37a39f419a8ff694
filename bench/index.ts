import { writeFileSync } from 'node:fs'
import { caseView } from './case-view.js'
import { federation } from './federation.js'
import { log } from './log.js'
import { printed, type Report } from './measure.js'
import { rules } from './rules.js'
import { type Asked, readArguments } from './settings.js'
import { sharing } from './sharing.js'
import { startUp } from './start-up.js'

const MEASUREMENTS: Readonly<Record<string, (asked: Asked) => Promise<Report>>> = {
  'case-view': caseView,
  rules,
  sharing,
  log,
  federation,
  'start-up': startUp,
}

const { names, asked, saveTo } = readArguments(process.argv.slice(2))
const unknown = names.find((name) => !Object.hasOwn(MEASUREMENTS, name))
if (unknown !== undefined)
  throw new RangeError(`no measurement \`${unknown}\`: ${Object.keys(MEASUREMENTS).join(', ')}`)
const reports: Report[] = []
for (const [name, measure] of Object.entries(MEASUREMENTS)) {
  if (names.length > 0 && !names.includes(name)) continue
  const report = await measure(asked)
  reports.push(report)
  process.stdout.write(`${printed(report)}\n`)
}
if (saveTo !== null) writeFileSync(saveTo, `${JSON.stringify(reports, null, 2)}\n`)

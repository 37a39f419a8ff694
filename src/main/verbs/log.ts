import type { Command } from 'commander'
import { addLogClose } from './log-close.js'
import { addLogCountersign } from './log-countersign.js'
import { addLogExport } from './log-export.js'
import { addLogKey } from './log-key.js'
import { addLogNone } from './log-none.js'
import { addLogProof } from './log-proof.js'
import { addLogReconcile } from './log-reconcile.js'
import { addLogReopen } from './log-reopen.js'
import { addLogRotate } from './log-rotate.js'
import { addLogVerify } from './log-verify.js'
import { addLogWork } from './log-work.js'
import type { Tools } from './tools.js'

/** `concordat log …`: what an agency does with the access log, and whoever checks it. */
export function addLogVerbs(program: Command, tools: Tools): void {
  const log = program
    .command('log')
    .description('The access log: exported, proven, checked, countersigned.')
  addLogExport(log, tools)
  addLogProof(log, tools)
  addLogNone(log, tools)
  addLogVerify(log, tools.say)
  addLogCountersign(log, tools)
  addLogReconcile(log, tools.say)
  addLogKey(log, tools.say)
  addLogClose(log, tools.say)
  addLogReopen(log, tools.say)
  addLogRotate(log, tools.say)
  addLogWork(log, tools)
}

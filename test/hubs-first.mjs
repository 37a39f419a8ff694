import { relative } from 'node:path'
import Sequencer from '@jest/test-sequencer'

/** Where no earlier run tells how long a file takes, those that boot hubs come first: small ones even out the end. */
export default class HubsFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => rank(one) - rank(other))
  }
}

const rank = ({ duration, path, context }) =>
  duration !== undefined || relative(context.config.rootDir, path).startsWith('test') ? 0 : 1

import type { Kind } from '../src/records/adapter.js'
import { charity } from './charity/index.js'
import { nhs } from './nhs/index.js'
import { police } from './police/index.js'

/** The kinds of agency that this hub can map: one line a kind. */
export const KINDS: readonly Kind[] = [police, nhs, charity]

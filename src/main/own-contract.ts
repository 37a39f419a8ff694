import { KINDS } from '../../adapters/index.js'
import { type Contract, makeContract } from './contract.js'

/** The contract of this program, with every kind of agency that it has an adapter for. */
export const ownContract = (): Contract => makeContract(KINDS)

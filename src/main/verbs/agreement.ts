import type { Command } from 'commander'
import type { Hub } from '../hub.js'

interface Tools {
  readonly say: (line: string) => void
  readonly withHub: <T>(work: (hub: Hub) => Promise<T>) => Promise<T>
}

export function addAgreementVerbs(program: Command, tools: Tools): void {
  void program
  void tools
}

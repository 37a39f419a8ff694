import type { Command } from 'commander'

export function addDoctor(program: Command, say: (line: string) => void): void {
  void program
  void say
}

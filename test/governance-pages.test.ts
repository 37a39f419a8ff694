import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { Command } from 'commander'
import { addAgreementVerbs } from '../src/main/verbs/agreement.js'
import { packageRoot } from '../src/platform/paths.js'

const PAGES = ['docs/governance/agreement.md', 'docs/governance/first-five-minutes.md']
const root = packageRoot()
afterAll(() => {
  process.exitCode = undefined
})

/** What a verb says, run here as the command line runs it. */
async function said(line: string): Promise<string> {
  const program = new Command('concordat').exitOverride()
  const lines: string[] = []
  addAgreementVerbs(program, {
    say: (one) => void lines.push(one),
    withHub: () => Promise.reject(new Error('the page needs a hub here: show no output of it')),
  })
  const words = line.trim().split(/\s+/).slice(2)
  await program.parseAsync(words, { from: 'user' })
  return lines.join('\n')
}

interface Shown {
  readonly page: string
  readonly command: string
  readonly lines: readonly string[]
}

/** A command with the output that the page shows beneath it; `…` stands for what is left out. */
function shownIn(page: string): readonly Shown[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [
    ...text.matchAll(/```sh\n(npx concordat agreement [^\n]+)\n```\n```text\n([\s\S]*?)```/g),
  ].map(([, command = '', output = '']) => ({
    page,
    command,
    lines: output
      .split(/\n|…/)
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  }))
}

/** The victim's file is changed by hand on the page, between these two outputs. */
const isOfTheChange = ({ lines }: Shown): boolean =>
  lines.some((one) => /^26\d of/.test(one)) && lines.length > 2

describe('the IG lead’s pages show what the verbs say', () => {
  const shown = PAGES.flatMap(shownIn).filter((one) => !isOfTheChange(one))
  test('and show every verb that needs no hub', () => {
    const verbs = new Set(shown.map((one) => one.command.split(' ')[3]))
    expect([...verbs].sort()).toEqual(['check', 'diff', 'explain', 'matrix', 'plan', 'test'])
  })
  test.each(shown.map((one) => [`${one.page}: ${one.command}`, one] as const))(
    '%s',
    async (_, { command, lines }) => {
      const output = (await said(command)).split('\n').map((one) => one.trim())
      let from = 0
      for (const line of lines) {
        const at = output.findIndex((one, index) => index >= from && one.includes(line))
        expect(at === -1 ? `missing: ${line}` : line).toBe(line)
        from = at
      }
    },
    30_000,
  )
})

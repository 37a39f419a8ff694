import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from '@jest/globals'
import { firstLineOf } from './log-policy.js'

const folder = mkdtempSync(join(tmpdir(), 'concordat-lines-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the kind of a file is told by its first line, and bytes that are no text are of none', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, 'one\ntwo\n')
  expect(await firstLineOf(file)).toBe('one')
  writeFileSync(file, Buffer.from([0xff, 0xfe, 0x0a]))
  expect(await firstLineOf(file)).toBe('')
})

test.each(['nothing', '.'])(
  'where `%s` cannot be read as a file, its path and the way out are told',
  async (name) => {
    await expect(firstLineOf(join(folder, name))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      wayOut: expect.stringContaining('give the path of a file'),
    })
  },
)

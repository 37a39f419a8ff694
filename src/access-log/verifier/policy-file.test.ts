import { describe, expect, test } from '@jest/globals'
import { Refusal } from '../tree/refusal.js'
import { policy as example } from './example-log.fixture.js'
import { formatPolicyFile, parsePolicyFile } from './policy-file.js'

const log = example.logKeys[0] ?? ''
const party = example.countersigners?.[0] ?? ''
const other = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'

describe('a policy file (C2SP tlog-policy)', () => {
  test('reads back as it was written', () => {
    expect(parsePolicyFile(formatPolicyFile(example, 'https://hub.example/log'))).toEqual(example)
    expect(parsePolicyFile(`log ${log}\nquorum none\n`)).toEqual({
      ...example,
      countersigners: [],
      quorum: 0,
    })
  })
  test('may hold comments, tabs, and a single party as its quorum', () => {
    const text = `# ours\n\tlog  ${log} https://a.example\n\nwitness w ${party}\n quorum\tw`
    expect(parsePolicyFile(Buffer.from(text))).toEqual(example)
    const group = `log ${log}\nwitness w ${party}\ngroup g all w\nquorum g\n`
    expect(parsePolicyFile(group)).toEqual(example)
  })
  test.each<{ text: string; says: string }>`
    text                                                                        | says
    ${''}                                                                       | ${'no log'}
    ${`log ${log}`}                                                             | ${'no line `quorum`'}
    ${'quorum none'}                                                            | ${'no log'}
    ${`log ${log}\nquorum none\nquorum none`}                                   | ${'two lines'}
    ${`log ${log}\nquorum w`}                                                   | ${'nothing known'}
    ${`log ${log}\nquorum w\nwitness w ${party}`}                               | ${'nothing known'}
    ${`log ${log}\nlog ${log}\nquorum none`}                                    | ${'twice'}
    ${`log ${log}\nlog ${other}\nquorum none`}                                  | ${'more than one log'}
    ${`log ${log}\nwitness w ${party}\nwitness w ${party}\nquorum w`}           | ${'two things'}
    ${`log ${log}\nwitness w ${party}\nwitness v ${party}\nquorum w`}           | ${'twice'}
    ${`log ${log}\nwitness none ${party}\nquorum none`}                         | ${'two things'}
    ${`log ${log}\nwitness w ${party}\ngroup g 2 w\nquorum g`}                  | ${'a number'}
    ${`log ${log}\nwitness w ${party}\ngroup g 0 w\nquorum g`}                  | ${'a number'}
    ${`log ${log}\nwitness w ${party}\ngroup g any w w\nquorum g`}              | ${'named twice'}
    ${`log ${log}\nwitness w ${party}\ngroup g any w\ngroup h any g\nquorum h`} | ${'groups of groups'}
    ${`log ${log}\nwitness w ${other}\nquorum w`}                               | ${'type 4'}
    ${`log ${party}\nquorum none`}                                              | ${'type 1'}
    ${`log ${log}x\nquorum none`}                                               | ${''}
    ${`log ${log}\nwitnes w ${party}\nquorum none`}                             | ${'none of'}
    ${`log ${log}\r\nquorum none`}                                              | ${'control'}
  `('is refused where it says $says', ({ text, says }) => {
    expect(() => parsePolicyFile(text)).toThrow(Refusal)
    expect(() => parsePolicyFile(text)).toThrow(says)
  })
  test('that is not UTF-8 or is endless is refused', () => {
    expect(() => parsePolicyFile(Uint8Array.of(0xff))).toThrow(Refusal)
    expect(() => parsePolicyFile('#\n'.repeat(60_000))).toThrow(Refusal)
  })
})

/** What a measurement is asked for on the command line. */
export interface Asked {
  readonly cases: number
  /** How often each variant runs. */
  readonly rounds: number
  /** How long each run lasts. */
  readonly seconds: number
}

const DEFAULTS: Asked = { cases: 300, rounds: 5, seconds: 4 }

/** `[name] [--cases N] [--rounds N] [--seconds N] [--save FILE]`; throws a RangeError for anything else. */
export function readArguments(words: readonly string[]): {
  readonly names: readonly string[]
  readonly asked: Asked
  readonly saveTo: string | null
} {
  const names: string[] = []
  const asked: Record<keyof Asked, number> = { ...DEFAULTS }
  let saveTo: string | null = null
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (!word.startsWith('--')) {
      names.push(word)
      continue
    }
    at += 1
    const value = words[at]
    const key = word.slice(2)
    if (value === undefined) throw new RangeError(`\`${word}\` wants a value`)
    if (key === 'save') saveTo = value
    else if (key === 'cases' || key === 'rounds' || key === 'seconds')
      asked[key] = whole(value, word)
    else throw new RangeError(`\`${word}\` is not known: use --cases, --rounds, --seconds, --save`)
  }
  return { names, asked, saveTo }
}

function whole(text: string, of: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new RangeError(`\`${of}\` wants a whole number above 0`)
  return Number(text)
}

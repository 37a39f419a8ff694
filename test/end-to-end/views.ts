import type { Governance } from '../../src/disclosure/governance.js'
import type { Answer } from '../world.js'

/** What a field says of whoever asks: two callers get two answers, both true. */
const OF_THE_CALLER = new Set(['Wish.saysYes'])

type Fields = Readonly<Record<string, unknown>>

/**
 * Holds an answer against everything that there is (the same operation under an agreement that shares
 * all): a value that is not listed must be the value there is, a null that is not listed must be a null
 * there too, a value listed as withheld must be null.
 */
export function differences(
  answer: Answer,
  everything: Fields | null,
  governance: Governance,
): { readonly wrong: readonly string[]; readonly shared: number } {
  const walk = new Walk(answer, everything, governance)
  if (answer.data && everything) walk.object(answer.data, everything, '')
  return walk
}

class Walk {
  readonly wrong: string[] = []
  shared = 0
  private readonly listed = new Map<string, string>()
  private readonly cut = new Set<string>()
  private readonly byId = new Map<string, Fields>()

  constructor(
    { disclosure }: Answer,
    everything: Fields | null,
    private readonly governance: Governance,
  ) {
    for (const { coordinate, decision, paths, morePaths } of disclosure.decisions) {
      for (const path of paths) this.listed.set(`${coordinate} ${path}`, decision)
      if (morePaths > 0) this.cut.add(coordinate)
    }
    this.index(everything)
  }

  object(value: Fields, there: Fields, at: string): void {
    for (const [key, one] of Object.entries(value)) {
      const typename = String(value['__typename'] ?? '')
      const name = key.startsWith(`${typename}_`) ? key.slice(typename.length + 1) : key
      if (OF_THE_CALLER.has(`${typename}.${name}`)) continue
      if (/^__typename$|[cC]ursor$|PreviousPage$|NextPage$/.test(name)) continue
      const coordinate = `${typename}.${name}`
      const path = at === '' ? key : `${at}.${key}`
      const isGoverned = this.governance.type(typename)?.fields.has(name) ?? false
      const decision = this.listed.get(`${coordinate} ${path}`) ?? null
      this.field(one, there[key], { coordinate, path, isGoverned, decision })
    }
  }

  private field(
    value: unknown,
    there: unknown,
    of: { coordinate: string; path: string; isGoverned: boolean; decision: string | null },
  ): void {
    const { coordinate, path, isGoverned, decision } = of
    const say = (what: string): void => {
      this.wrong.push(`${coordinate} ${path}: ${what}`)
    }
    if (value === null) {
      const isKnown = decision !== null || this.cut.has(coordinate)
      if (there !== null && there !== undefined && isGoverned && !isKnown) say('null, unexplained')
      return
    }
    if (decision === 'WITHHOLD') say('withheld, and yet there')
    else if (isFields(value)) {
      if (isFields(there)) this.object(value, there, path)
      else say('no such thing')
    } else if (Array.isArray(value) && [...value, ...listOf(there)].some(isFields))
      this.list(value, listOf(there), path)
    else this.leaf(value, there, of)
  }

  private leaf(
    value: unknown,
    there: unknown,
    of: { coordinate: string; path: string; isGoverned: boolean; decision: string | null },
  ): void {
    if (of.decision !== null || this.cut.has(of.coordinate)) return
    if (JSON.stringify(value) !== JSON.stringify(there))
      this.wrong.push(`${of.coordinate} ${of.path}: another value than there is`)
    else if (of.isGoverned) this.shared += 1
  }

  private list(values: readonly unknown[], all: readonly unknown[], path: string): void {
    values.forEach((value, index) => {
      if (!isFields(value)) return
      const key = keyOf(value)
      const found =
        key === null ? (all.length === values.length ? all[index] : null) : this.byId.get(key)
      if (isFields(found)) this.object(value, found, `${path}.${index}`)
      else if (key !== null) this.wrong.push(`${path}.${index}: no such ${key}`)
      else if (isFields(value['node'])) {
        const node = this.byId.get(keyOf(value['node']) ?? '')
        if (node) this.object(value['node'], node, `${path}.${index}.node`)
        else this.wrong.push(`${path}.${index}: no such event`)
      }
    })
  }

  /** Of an entity that is there twice, in full and by its id alone, the full one. */
  private index(value: unknown): void {
    if (Array.isArray(value)) for (const one of value) this.index(one)
    else if (isFields(value)) {
      const key = keyOf(value)
      const known = key === null ? undefined : this.byId.get(key)
      if (key !== null && (!known || Object.keys(known).length < Object.keys(value).length))
        this.byId.set(key, value)
      for (const one of Object.values(value)) this.index(one)
    }
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function keyOf(value: Fields): string | null {
  return typeof value['id'] === 'string' ? `${String(value['__typename'])}:${value['id']}` : null
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

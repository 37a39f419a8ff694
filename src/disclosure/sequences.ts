/**
 * Numbers for sequences of whole numbers: two are the same number exactly when they are the same sequence.
 * Each is reached from that of the sequence without its last; 0 is the empty one.
 */
export class Sequences {
  private readonly longer: (Map<number, number> | undefined)[] = [undefined]

  /** How many there are. */
  get size(): number {
    return this.longer.length
  }

  /** The number of the sequence `from` with `next` behind it. */
  step(from: number, next: number): number {
    const known = this.longer[from]?.get(next)
    if (known !== undefined) return known
    const made = this.longer.push(undefined) - 1
    const longer = this.longer[from]
    if (longer) longer.set(next, made)
    else this.longer[from] = new Map([[next, made]])
    return made
  }
}

/** A way out for a misspelt word: the nearest known one, or all of them where none is near. */
export function nearest(word: string, known: readonly string[]): string {
  const scored = known.map((one) => ({ one, off: distance(word.toUpperCase(), one.toUpperCase()) }))
  const best = scored.sort((a, b) => a.off - b.off)[0]
  if (best && best.off <= Math.max(2, Math.floor(word.length / 3)))
    return `did you mean \`${best.one}\`?`
  if (known.length === 0) return 'none is defined here'
  const listed = known.slice(0, listedMax).join(', ')
  return `use one of ${listed}${known.length > listedMax ? ', …' : ''}`
}
const listedMax = 60

/** Levenshtein distance; words beyond 64 letters are cut. */
function distance(one: string, other: string): number {
  const a = one.slice(0, 64)
  const b = other.slice(0, 64)
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

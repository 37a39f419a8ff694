import type { SubjectTag } from '../sharing/fact-source.js'

/**
 * Whose what was found is and what it carries, by id; asked again before an answer is logged anew. A
 * link that people take back and a mark that became stricter stand in the tag itself, not in a fact.
 */
export type WatchTags = (found: ReadonlyMap<string, SubjectTag>, again: Again) => void
type Again = (ids: readonly string[]) => Promise<ReadonlyMap<string, { readonly tag: SubjectTag }>>

/** Whether all of it would be found as it was. What has come since changes nothing that was decided. */
export async function areAsFound(
  found: ReadonlyMap<string, SubjectTag>,
  again: Again,
): Promise<boolean> {
  const now = await again([...found.keys()])
  return [...found].every(([id, tag]) => {
    const fresh = now.get(id)
    return fresh !== undefined && digestOf(fresh.tag) === digestOf(tag)
  })
}

/** What decides, without when it was last supplied: every synchronisation renews that. */
function digestOf({ persons, marks }: SubjectTag): string {
  const { supplier, carries, clearedBy } = marks
  return JSON.stringify([
    [...(persons ?? [])].sort(),
    supplier,
    Object.entries(carries).sort(([one], [other]) => (one < other ? -1 : 1)),
    [...clearedBy].sort(),
  ])
}

/** The tags of what was located, by id. */
export function tagsById(
  located: Iterable<{ readonly id: string; readonly tag: SubjectTag }>,
): ReadonlyMap<string, SubjectTag> {
  return new Map([...located].map(({ id, tag }) => [id, tag]))
}

import { STORIES } from './population/stories/index.js'
import { TOLD_AS_OF, told } from './population/tell.js'

/** A told case as its story introduces it; a story with two cases introduces both in the same words. */
export interface ToldCase {
  readonly reference: string
  readonly title: string
  readonly story: string
}

/** The told cases of the sample, by reference. The same for every seed and size. */
export function toldCases(): readonly ToldCase[] {
  return STORIES.flatMap((story) =>
    told(story, TOLD_AS_OF).cases.map(({ reference, title }) => ({
      reference,
      title: title ?? story.title,
      story: story.story,
    })),
  ).sort((a, b) => (a.reference < b.reference ? -1 : 1))
}

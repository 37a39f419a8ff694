import { isCode, isFhirObject, type Problem, Reader } from './fhir.js'

/**
 * Kinds of related people (`RelatedPerson.relationship`). Their names, numbers and addresses are
 * theirs, not the patient's, and are not taken.
 */
export function mapRelations(related: readonly unknown[], problems: Problem[]): string[] {
  const kinds = related.flatMap((resource) => {
    if (!isFhirObject(resource)) return []
    const reader = new Reader(resource, 'RelatedPerson', problems)
    if (reader.flag('active') === false) return []
    return reader.codingsOfAll('relationship').flatMap(({ code }) => (isCode(code) ? [code] : []))
  })
  return [...new Set(kinds)]
}

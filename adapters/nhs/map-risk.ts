import { isCode, own, type Reader } from './fhir.js'
import type { NhsRiskItem } from './graph.js'
import { asText } from './map-patient-detail.js'

/** Levels of `http://terminology.hl7.org/CodeSystem/risk-probability`, and their own names. */
const LEVELS: ReadonlyMap<string, string> = new Map([
  ['negligible', 'LOW'],
  ['low', 'LOW'],
  ['moderate', 'MODERATE'],
  ['high', 'HIGH'],
  ['certain', 'HIGH'],
])
const ORDER: readonly string[] = ['LOW', 'MODERATE', 'HIGH']

/** The highest level that any prediction gives. */
export function riskLevel(assessment: Reader): string | null {
  const levels = assessment
    .objects('prediction')
    .flatMap((prediction) => prediction.codings('qualitativeRisk'))
    .flatMap(({ code }) => LEVELS.get(code.toLowerCase()) ?? [])
  return levels.sort((a, b) => ORDER.indexOf(b) - ORDER.indexOf(a))[0] ?? null
}

export function riskInstrument(
  assessment: Reader,
): { readonly code: string; readonly version: string | null } | null {
  const coding = assessment.codings('method').find(({ code }) => isCode(code))
  if (coding === undefined) return null
  const { code, version } = coding
  return { code, version: version !== null && isCode(version) ? version : null }
}

/**
 * Answers by item number, from the QuestionnaireResponse that the assessment carries along. Item
 * texts are licensed and not taken; an answer in words becomes the comment of its item.
 */
export function mapRiskItems(assessment: Reader): NhsRiskItem[] {
  return assessment
    .objects('contained')
    .filter((contained) => own(contained.of, 'resourceType') === 'QuestionnaireResponse')
    .flatMap((response) => response.objects('item'))
    .flatMap((item) => {
      const number = item.text('linkId')
      if (number === null || !isCode(number)) return []
      const answers = item.objects('answer')
      const words = answers.flatMap((answer) => answer.text('valueString') ?? [])
      const codes = answers.flatMap((answer) => answerCode(answer) ?? [])
      return [
        {
          number,
          answer: codes.length > 0 ? codes.join(' ') : null,
          comment: asText(words.length > 0 ? words.join('\n') : null),
        },
      ]
    })
}

function answerCode(answer: Reader): string | null {
  const truth = own(answer.of, 'valueBoolean')
  if (typeof truth === 'boolean') return truth ? 'yes' : 'no'
  const number = own(answer.of, 'valueInteger') ?? own(answer.of, 'valueDecimal')
  if (typeof number === 'number' && Number.isFinite(number)) return String(number)
  const code = answer.object('valueCoding')?.text('code') ?? null
  return code !== null && isCode(code) ? code : null
}

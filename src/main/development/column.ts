import type { PersonaToken } from '../personas.js'
import type { Asked } from './ask-as-persona.js'

/** One persona's place on the start page: who, for what purpose, and what came back. */
export interface Column {
  readonly persona: PersonaToken
  readonly role: string
  readonly agency: string
  readonly purpose: string
  readonly asked: Asked
}

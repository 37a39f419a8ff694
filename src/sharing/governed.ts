import 'reflect-metadata'
import { Directive, Field } from 'type-graphql'
import type { Category, Generalisation, Locates, Subject } from './vocabulary.js'

/**
 * How a graph type declares its governance. `@category` in the printed schema is the only carrier:
 * these decorators write the directive, and everything else (plan, decision, contract, docs) reads it
 * from the schema. A governed field is always nullable, because it can be withheld.
 */

/*
 * Fields are `simple`: the value of the object's property, read as it stands. Else type-graphql makes a
 * resolver of each, through which every value of an answer would go.
 */
type TypeThunk = () => unknown
type Decorator = PropertyDecorator & MethodDecorator

function directive(sdl: string): Decorator {
  return Directive(sdl) as Decorator
}

function both(first: Decorator, second: Decorator): Decorator {
  const apply = (target: object, key: string | symbol, descriptor?: PropertyDescriptor): void => {
    ;(first as MethodDecorator)(target, key, descriptor as PropertyDescriptor)
    ;(second as MethodDecorator)(target, key, descriptor as PropertyDescriptor)
  }
  return apply as Decorator
}

/** `@category(is, locates, generalise)` as text, as the printed contract shows it. */
export function categoryDirective(
  category: Category,
  locates: Locates,
  forms: readonly Generalisation[] = [],
  aspect?: string,
): string {
  const narrower = aspect === undefined ? '' : `, aspect: "${aspect}"`
  const generalise = forms.length > 0 ? `, generalise: [${forms.join(', ')}]` : ''
  return `@category(is: "${category}", locates: ${locates}${generalise}${narrower})`
}

/**
 * A field whose release the agreement governs. `forms` are those that GENERALISE may give it, the
 * first being used where a clause names none of them; without forms GENERALISE withholds.
 * `aspect` is a narrower word within the category (`VEHICLE` among places) that a clause may name.
 * A type of one-element array (`() => [X]`) is a list that may be null, its items not.
 */
export function Governed(
  category: Category,
  locates: Locates,
  type: TypeThunk,
  forms: readonly Generalisation[] = [],
  description?: string,
  aspect?: string,
): Decorator {
  const field = Field(type as () => StringConstructor, {
    nullable: true,
    simple: true,
    ...(description && { description }),
  })
  return both(field as Decorator, directive(categoryDirective(category, locates, forms, aspect)))
}

/** A field without personal data that no clause governs, and why. */
export function Open(
  because: string,
  type: TypeThunk,
  options: { nullable?: boolean; description?: string } = {},
): Decorator {
  return both(
    Field(type as () => StringConstructor, { simple: true, ...options }) as Decorator,
    directive(`@open(because: ${JSON.stringify(because)})`),
  )
}

/** Only the directive, for a field that a `@FieldResolver` declares. */
export function GovernedAs(
  category: Category,
  locates: Locates,
  forms: readonly Generalisation[] = [],
): Decorator {
  return directive(categoryDirective(category, locates, forms))
}

/** `@open` alone, for a field that a `@FieldResolver` declares. */
export function OpenBecause(because: string): Decorator {
  return directive(`@open(because: ${JSON.stringify(because)})`)
}

/** Whose data an object of this type is: a clause's `of` is looked up through it. */
export function SubjectIs(subject: Subject): ClassDecorator {
  return Directive(`@subject(is: ${subject})`) as ClassDecorator
}

/** A federated entity with its key; the key is opaque, never an identifier of an agency. */
export function Key(fields: string, resolvable = true): ClassDecorator {
  return Directive(
    `@key(fields: "${fields}"${resolvable ? '' : ', resolvable: false'})`,
  ) as ClassDecorator
}

/** A value type that several subgraphs carry alike. */
export function Shareable(): ClassDecorator {
  return Directive('@shareable') as ClassDecorator
}

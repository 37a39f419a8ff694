import { Field, InputType } from 'type-graphql'

/** Inputs that several changes share. */

@InputType({ description: 'Somebody who works here.' })
export class StaffInput {
  @Field(() => String, { description: 'Agency id.' }) agency!: string
  @Field(() => String, { description: 'The `sub` of their tokens.' }) subject!: string
}

@InputType({ description: 'What is known of somebody without a record.' })
export class PartDescriptionInput {
  @Field(() => [String], { nullable: true, description: 'Names used.' }) names!: string[] | null
  @Field(() => [String], { nullable: true, description: 'Accounts and handles used.' }) handles!:
    | string[]
    | null
  @Field(() => [String], { nullable: true, description: 'Vehicles.' }) vehicles!: string[] | null
  @Field(() => String, { nullable: true, description: 'How the person looks.' }) appearance!:
    | string
    | null
  @Field(() => String, { nullable: true, description: 'How the person sounds.' }) voice!:
    | string
    | null
}

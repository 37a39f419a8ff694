import { Migration } from '@mikro-orm/migrations'

/**
 * Which agreement is in force. `in_force` is one row that every process reads with each request, in the
 * statement that reads `factsEpoch`; whoever changes it appends the change's log entry in the same
 * transaction, which raises that epoch. `version` keeps the text and signatures of everything that ever
 * was in force, so that each process verifies for itself what it decides by.
 *
 * INVARIANT: `revision` rises with every change of `in_force`; rows of `version` are never removed.
 */
export class AgreementInForceTables extends Migration {
  override name = 'agreement-0001-in-force'

  override up(): void {
    this.addSql('create schema agreement')
    this.addSql(`create table agreement.version (
      digest text primary key,
      id text not null,
      version text not null,
      files jsonb not null,
      signatures jsonb not null,
      kept_at timestamptz not null default clock_timestamp()
    )`)
    this.addSql(`create table agreement.in_force (
      is_only boolean primary key default true check (is_only),
      revision bigint not null default 0,
      digest text references agreement.version (digest)
    )`)
    this.addSql('insert into agreement.in_force default values')
    this.addSql(`create table agreement.suspension (
      agency text not null,
      from_at timestamptz not null default clock_timestamp(),
      suspended_by text not null,
      to_at timestamptz,
      resumed_by text
    )`)
    this.addSql(
      'create unique index suspension_now on agreement.suspension (agency) where to_at is null',
    )
  }

  override down(): void {
    this.addSql('drop schema agreement cascade')
  }
}

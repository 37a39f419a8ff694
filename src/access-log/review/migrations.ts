import { Migration } from '@mikro-orm/migrations'

/** Searches of the log that its readers keep. What they look for is ids, codes and instants. */
export class SavedSearches extends Migration {
  override name = 'access-log-lead-0001-searches'

  override up(): void {
    this.addSql(`create table access_log.saved_search (
      id uuid primary key,
      agency text not null,
      subject text not null,
      name text not null,
      filter jsonb not null,
      saved_at timestamptz not null,
      unique (agency, subject, name))`)
  }

  override down(): void {
    this.addSql('drop table access_log.saved_search')
  }
}

/**
 * The work of an IG lead: look-ups that their own staff are asked to explain, what was flagged as
 * unusual, and people's requests for their own data. Words are sealed, as justifications are.
 *
 * INVARIANT: an answer and a verdict are given once.
 */
export class ReviewWork extends Migration {
  override name = 'access-log-lead-0002-review'

  override up(): void {
    this.addSql(`create table access_log.dip (
      id uuid primary key,
      agency text not null,
      request text not null,
      caller text not null,
      at timestamptz not null,
      purpose text,
      case_id text,
      asked_by text not null,
      asked_at timestamptz not null,
      due_at timestamptz not null,
      answer bytea,
      answered_at timestamptz,
      verdict text check (verdict in ('UPHELD', 'MISUSED')),
      verdict_by text,
      verdict_at timestamptz,
      unique (agency, request))`)
    this.addSql('create index dip_by_caller on access_log.dip (agency, caller)')
    this.addSql(`create table access_log.flag (
      id uuid primary key,
      key text not null unique,
      agency text not null,
      caller text not null,
      rule text not null,
      says text not null,
      requests text[] not null,
      from_at timestamptz not null,
      to_at timestamptz not null,
      raised_at timestamptz not null,
      verdict text check (verdict in ('UPHELD', 'MISUSED')),
      verdict_by text,
      verdict_at timestamptz)`)
    this.addSql('create index flag_by_agency on access_log.flag (agency, raised_at desc, id)')
    this.addSql(`create table access_log.subject_request (
      id uuid primary key,
      agency text not null,
      part_id uuid not null,
      case_id uuid not null,
      received_on text not null,
      opened_by text not null,
      opened_at timestamptz not null,
      proof jsonb,
      decisions jsonb not null default '{}')`)
  }

  override down(): void {
    for (const table of ['dip', 'flag', 'subject_request'])
      this.addSql(`drop table access_log.${table}`)
  }
}

export const reviewMigrations = [SavedSearches, ReviewWork]

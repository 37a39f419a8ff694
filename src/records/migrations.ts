import { Migration } from '@mikro-orm/migrations'

/**
 * The index of the cohort's records and events. INVARIANT: nobody who is in no referral and no case has
 * a row here; a candidate that matching has asked for stays only until `maybe_until`.
 */
export class RecordsTables extends Migration {
  override name = 'records-0001-first'

  override up(): void {
    this.addSql('create schema records')
    this.addSql(`create table records.cohort (
      agency text not null, source_type text not null, source_id text not null,
      primary key (agency, source_type, source_id))`)
    this.addSql(`create table records.record (
      id text primary key,
      agency text not null, source_type text not null, source_id text not null,
      graph_type text not null,
      version text not null,
      recorded_at timestamptz,
      handling text not null,
      carries jsonb not null,
      cleared_by text[] not null,
      traits jsonb not null,
      deleted boolean not null,
      replaced_by text,
      maybe_until timestamptz,
      changed_at timestamptz not null default clock_timestamp(),
      unique (agency, source_type, source_id))`)
    this.addSql(`create table records.event (
      id text primary key,
      agency text not null, source_type text not null, source_id text not null,
      graph_type text not null,
      version text not null,
      recorded_at timestamptz,
      at text,
      kind text not null,
      handling text not null,
      carries jsonb not null,
      cleared_by text[] not null,
      deleted boolean not null,
      changed_at timestamptz not null default clock_timestamp(),
      unique (agency, source_type, source_id))`)
    this.addSql(`create table records.event_about (
      event_id text not null references records.event (id) on delete cascade,
      record_id text not null,
      primary key (event_id, record_id))`)
    this.addSql('create index event_about_record on records.event_about (record_id)')
    this.addSql(`create table records.sync_mark (
      agency text primary key, mark text not null, changed_at timestamptz not null default clock_timestamp())`)
    this.addSql(`create table records.quarantine (
      id text primary key,
      agency text not null, source_type text not null, source_id text not null,
      reason text not null, field text, outcome text not null check (outcome in ('QUARANTINE', 'REFUSE')),
      raw text, sha256 text not null,
      seen_at timestamptz not null default clock_timestamp(),
      replayed_at timestamptz,
      check (outcome = 'QUARANTINE' or raw is null))`)
    this.addSql(
      'create index quarantine_waiting on records.quarantine (agency, seen_at) where replayed_at is null',
    )
    this.addSql(`create table records.unmapped_code (
      agency text not null, source_type text not null, source_id text not null, system text not null, code text not null,
      primary key (agency, system, code, source_type, source_id))`)
  }

  override down(): void {
    this.addSql('drop schema records cascade')
  }
}

/**
 * Wishes that an agency's system holds of somebody whose record is not confirmed to be a person's yet.
 * They wait for the link and are taken in with it, in one commit: no refusal is lost on the way.
 */
export class WaitingWishes extends Migration {
  override name = 'records-0002-waiting-wishes'

  override up(): void {
    this.addSql(`create table records.waiting_wish (
      agency text not null, about_type text not null, about_id text not null,
      wish jsonb not null,
      digest text not null,
      primary key (agency, about_type, about_id, digest))`)
    this.addSql(
      'create index record_maybe on records.record (maybe_until) where maybe_until is not null',
    )
  }

  override down(): void {
    this.addSql('drop table records.waiting_wish')
  }
}

/** Marks of the places by which a record says where its person is: keyed, so that no address can be read from them. */
export class Whereabouts extends Migration {
  override name = 'records-0003-whereabouts'

  override up(): void {
    this.addSql("alter table records.record add column whereabouts jsonb not null default '[]'")
  }

  override down(): void {
    this.addSql('alter table records.record drop column whereabouts')
  }
}

export const recordsMigrations = [RecordsTables, WaitingWishes, Whereabouts]

import { Migration } from '@mikro-orm/migrations'

/**
 * Who is held to be whom. A person is a cluster of records under a random key. INVARIANT: a record is
 * in at most one cluster; a link across agencies has no effect until people have confirmed it; what was
 * decided is appended, never edited; "never link" binds.
 */
export class MatchingTables extends Migration {
  override name = 'matching-0001-first'

  override up(): void {
    this.addSql('create schema matching')
    this.addSql(`create table matching.person (
      key text primary key,
      made_at timestamptz not null default clock_timestamp(),
      redirect_to text references matching.person (key))`)
    this.addSql(`create table matching.membership (
      record_id text primary key,
      agency text not null,
      person_key text not null references matching.person (key),
      how text not null check (how in ('REFERRED', 'CONFIRMED')),
      confirmed_by text[] not null,
      at timestamptz not null default clock_timestamp())`)
    this.addSql('create index membership_by_person on matching.membership (person_key)')
    this.addSql(`create table matching.proposal (
      id text primary key,
      person_key text not null references matching.person (key),
      record_id text not null,
      agency text not null,
      weight real not null,
      evidence jsonb not null,
      state text not null default 'OPEN' check (state in ('OPEN', 'CONFIRMED', 'REJECTED')),
      made_at timestamptz not null default clock_timestamp(),
      unique (person_key, record_id))`)
    this.addSql("create index proposal_open on matching.proposal (record_id) where state = 'OPEN'")
    this.addSql(`create table matching.decision (
      proposal_id text not null references matching.proposal (id),
      member text not null,
      agency text not null,
      role text not null,
      answer text not null check (answer in ('LINK', 'NEVER')),
      at timestamptz not null default clock_timestamp(),
      primary key (proposal_id, member))`)
    this.addSql(`create view matching.membership_in_force as
      select record_id, person_key, true as confirmed from matching.membership
      union all
      select p.record_id, p.person_key, false from matching.proposal p
      where p.state = 'OPEN' and not exists (select 1 from matching.membership m where m.record_id = p.record_id)`)
  }

  override down(): void {
    this.addSql('drop schema matching cascade')
  }
}

/**
 * When an agency was last asked about a person, and with which traits (a digest): whoever has not changed
 * is not asked about again. What the agency said of nobody is not kept. A proposal that nobody decided
 * in time is EXPIRED where somebody had given a word, else it is gone.
 */
export class MatchingAsked extends Migration {
  override name = 'matching-0002-asked'

  override up(): void {
    this.addSql(`create table matching.asked (
      person_key text not null references matching.person (key),
      agency text not null,
      digest text not null,
      asked_at timestamptz not null,
      primary key (person_key, agency))`)
    this.addSql(`alter table matching.proposal drop constraint proposal_state_check,
      add constraint proposal_state_check check (state in ('OPEN', 'CONFIRMED', 'REJECTED', 'EXPIRED'))`)
  }

  override down(): void {
    this.addSql('drop table matching.asked')
  }
}

/**
 * A confirmed link can be taken back. What came with a person that gave way is remembered, so that a
 * merging that was wrong can be undone; a member may say "never" after having said "link".
 */
export class LinksTakenBack extends Migration {
  override name = 'matching-0003-links-taken-back'

  override up(): void {
    this.addSql(
      "alter table matching.membership add column moved_from text[] not null default '{}'",
    )
    this.addSql(`alter table matching.decision drop constraint decision_pkey,
      add primary key (proposal_id, member, answer)`)
    this.addSql(`create table matching.merging (
      proposal_id text primary key references matching.proposal (id),
      from_key text not null references matching.person (key),
      to_key text not null references matching.person (key),
      at timestamptz not null default clock_timestamp(),
      undone_at timestamptz)`)
  }

  override down(): void {
    this.addSql('drop table matching.merging')
    this.addSql('alter table matching.membership drop column moved_from')
  }
}

export const matchingMigrations = [MatchingTables, MatchingAsked, LinksTakenBack]

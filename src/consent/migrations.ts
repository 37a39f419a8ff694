import { Migration } from '@mikro-orm/migrations'

/**
 * Wishes as they were said. A wish belongs to a person, or to a part while nobody is identified.
 *
 * INVARIANT: wishes are appended, never edited or removed; only `person_key` follows when persons
 * merge, or when a part is identified.
 */
export class ConsentTables extends Migration {
  override name = 'consent-0001-tables'

  override up(): void {
    this.addSql('create schema consent')
    this.addSql(`create table consent.wish (
      id uuid primary key default gen_random_uuid(),
      person_key text,
      part_id uuid,
      decision text not null check (decision in ('GIVEN', 'INFORMED', 'REFUSED', 'WITHDRAWN')),
      recipients text[] not null default '{}',
      purposes text[] not null default '{}',
      categories text[] not null default '{}',
      given_at timestamptz not null,
      until timestamptz,
      wording text,
      representative text,
      recorded_by text,
      agency text not null,
      recorded_at timestamptz not null,
      source_key text unique,
      check (person_key is not null or part_id is not null)
    )`)
    this.addSql(
      'create index wish_by_person on consent.wish (person_key) where person_key is not null',
    )
    this.addSql('create index wish_by_part on consent.wish (part_id) where part_id is not null')
    this.addSql(`create function consent.keep_wish() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' or to_jsonb(new) - 'person_key' is distinct from to_jsonb(old) - 'person_key' then
        raise exception 'a wish is never changed';
      end if;
      return new;
    end $$`)
    this.addSql(`create trigger keep_wish before update or delete on consent.wish
      for each row execute function consent.keep_wish()`)
  }

  override down(): void {
    this.addSql('drop schema consent cascade')
  }
}

/** A link that is taken back takes its wishes along: what came with another key, and what was said of which record. */
export class WishesOfLinks extends Migration {
  override name = 'consent-0002-wishes-of-links'

  override up(): void {
    this.addSql(`alter table consent.wish add column moved_from text[] not null default '{}',
      add column about_source text`)
    this.addSql(`create or replace function consent.keep_wish() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE'
        or to_jsonb(new) - 'person_key' - 'moved_from' is distinct from to_jsonb(old) - 'person_key' - 'moved_from' then
        raise exception 'a wish is never changed';
      end if;
      return new;
    end $$`)
  }

  override down(): void {
    this.addSql('alter table consent.wish drop column moved_from, drop column about_source')
  }
}

/** Said while two people were held to be one, of a record or part that nobody has sorted yet: perhaps of one of these. */
export class UnsortedWishes extends Migration {
  override name = 'consent-0003-unsorted-wishes'

  override up(): void {
    this.addSql("alter table consent.wish add column maybe_of text[] not null default '{}'")
    this.addSql(
      "create index wish_unsorted on consent.wish using gin (maybe_of) where maybe_of <> '{}'",
    )
    this.addSql(`create or replace function consent.keep_wish() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' or to_jsonb(new) - '{person_key,moved_from,maybe_of}'::text[]
        is distinct from to_jsonb(old) - '{person_key,moved_from,maybe_of}'::text[] then
        raise exception 'a wish is never changed';
      end if;
      return new;
    end $$`)
  }

  override down(): void {
    this.addSql('alter table consent.wish drop column maybe_of')
  }
}

export const consentMigrations = [ConsentTables, WishesOfLinks, UnsortedWishes]

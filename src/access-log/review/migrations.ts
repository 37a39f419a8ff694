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

export const reviewMigrations = [SavedSearches]

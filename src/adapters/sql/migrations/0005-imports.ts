import type { Migration } from './migration.ts';
import { text } from './postgres-types.ts';

function tables(words: { readonly number: string; readonly text: string }): readonly string[] {
  return [
    `create table imports (
      source ${words.text} primary key,
      attempt ${words.number} not null,
      scope ${words.text} not null,
      started_at ${words.number} not null,
      finished_at ${words.number}
    )`,
    `create table imported (
      source ${words.text} not null,
      kind ${words.text} not null,
      id ${words.text} not null,
      ours ${words.text} not null,
      attempt ${words.number} not null,
      state ${words.text} not null check (state in ('begun', 'whole', 'left')),
      is_joined ${words.number} not null default 0,
      digest ${words.text} not null,
      facts ${words.text} not null,
      primary key (source, kind, id)
    )`,
  ];
}

/**
 * What came from other tracking servers. An experiment may come with its number: SQLite counts on from the highest by
 * itself, and PostgreSQL is told to.
 */
const counting: readonly string[] = [
  `create function count_from_experiment() returns trigger language plpgsql as $$
    declare
      numbers text := pg_get_serial_sequence(format('%I.%I', tg_table_schema, tg_table_name), 'id');
      latest bigint;
      is_given boolean;
    begin
      execute format('select last_value, is_called from %s', numbers) into latest, is_given;
      if new.id > latest or (new.id = latest and not is_given) then perform setval(numbers, new.id); end if;
      return null;
    end $$`,
  `create trigger count_from_experiment after insert on experiments
    for each row execute function count_from_experiment()`,
];

export const imports: Migration = {
  name: '0005-imports',
  statements: {
    sqlite: tables({ number: 'integer', text: 'text' }),
    postgres: [...tables({ number: 'bigint', text }), ...counting],
  },
};

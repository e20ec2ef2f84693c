/**
 * An imported experiment keeps its number. SQLite continues from the highest number by itself; in PostgreSQL the
 * sequence has to be set.
 */
export const postgresExperimentIds: readonly string[] = [
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

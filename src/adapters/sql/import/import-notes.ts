import type { Compilable, Kysely, Selectable, SelectQueryBuilder } from 'kysely';
import type { ImportKey, ImportNote, ImportStore, NoteQuery } from '../../../tracking/import-store.ts';
import type { Database } from '../database.ts';
import { fromColumn, toColumn } from '../json-column.ts';
import type { Tables } from '../tables.ts';

type NoteRow = Selectable<Tables['imported']>;

type Notes = Pick<ImportStore, 'begin' | 'finish' | 'find' | 'list' | 'note'>;

/** The progress of imports in a SQL database. */
export function importNotes(database: Database): Notes {
  const { sql, transaction, read } = database;
  return {
    begin: (source, scope, now) =>
      transaction(async ({ run }) => {
        const [{ rows }] = await run([sql.selectFrom('imports').selectAll().where('source', '=', source)]);
        const [last] = rows;
        if (last && last.finished_at === null && last.scope === scope)
          return { attempt: last.attempt, isResumed: true, startedAt: last.started_at };
        const attempt = (last?.attempt ?? 0) + 1;
        const row = { attempt, scope, started_at: now, finished_at: null };
        await run([
          sql
            .insertInto('imports')
            .values({ source, ...row })
            .onConflict((same) => same.column('source').doUpdateSet(row)),
        ]);
        return { attempt, isResumed: false, startedAt: now };
      }),
    async finish(source, attempt, now) {
      await transaction(({ run }) =>
        run([
          sql
            .updateTable('imports')
            .set({ finished_at: now })
            .where('source', '=', source)
            .where('attempt', '=', attempt),
        ]),
      );
    },
    async find(key) {
      const [{ rows }] = await read([noteOf(sql, key).selectAll()]);
      return rows.map(readNote)[0];
    },
    async list(query) {
      const [{ rows }] = await read([notesOf(sql, query)]);
      return rows.map(readNote);
    },
    async note(note) {
      await transaction(({ run }) => run([writeNote(sql, note)]));
    },
  };
}

/** Selects the note of an entity. */
export function noteOf(
  sql: Kysely<Tables>,
  { source, kind, id }: ImportKey,
): SelectQueryBuilder<Tables, 'imported', object> {
  return sql
    .selectFrom('imported')
    .where('source', '=', source)
    .where('kind', '=', kind)
    .where('imported.id', '=', id);
}

/** Selects the note of an entity that the import wrote. */
export function importedNote(
  sql: Kysely<Tables>,
  key: ImportKey,
): SelectQueryBuilder<Tables, 'imported', { local_id: string }> {
  return noteOf(sql, key).where('state', '<>', 'skipped').select('local_id');
}

/** @param isJoined for an experiment. @default unchanged */
export function writeNote(sql: Kysely<Tables>, note: ImportNote, isJoined?: boolean): Compilable {
  const { source, kind, id, localId, attempt, state, digest } = note;
  const row = {
    local_id: localId,
    attempt,
    state,
    digest,
    facts: toColumn(note.facts),
    ...(isJoined !== undefined && { is_joined: isJoined ? 1 : 0 }),
  };
  return sql
    .insertInto('imported')
    .values({ source, kind, id, ...row })
    .onConflict((same) => same.columns(['source', 'kind', 'id']).doUpdateSet(row));
}

function notesOf(sql: Kysely<Tables>, { source, attempt, kind, after = '', limit }: NoteQuery) {
  return sql
    .selectFrom('imported')
    .selectAll()
    .where('source', '=', source)
    .where('kind', '=', kind)
    .where('attempt', '=', attempt)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit);
}

function readNote(row: NoteRow): ImportNote {
  return {
    source: row.source,
    kind: row.kind as ImportNote['kind'],
    id: row.id,
    localId: row.local_id,
    attempt: row.attempt,
    state: row.state as ImportNote['state'],
    digest: row.digest,
    facts: fromColumn<ImportNote['facts']>(row.facts),
  };
}

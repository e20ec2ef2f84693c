import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { expect, test } from 'vitest';
import { rowInsert } from './row-insert.ts';

interface Pair {
  readonly name: string;
  readonly size: number;
}

const sql = new Kysely<{ pairs: Pair }>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

test.each([0, 1, 3, 4, 5, 100, 1000])(
  '%d rows are written in full and in order, with few statements',
  (count) => {
    const insert = rowInsert<Pair>((part) => sql.insertInto('pairs').values(part));
    const rows = Array.from({ length: count }, (_, size) => ({ name: `n${size}`, size }));
    const statements = insert(rows).map((statement) => statement.compile());
    expect(statements.flatMap(({ parameters }) => parameters)).toEqual(
      rows.flatMap(({ name, size }) => [name, size]),
    );
    for (const { sql: text, parameters } of statements)
      expect(text.split('?').length - 1).toBe(parameters.length);
    expect(statements.length).toBeLessThanOrEqual(13);
    expect(new Set(statements.map(({ sql: text }) => text)).size).toBeLessThanOrEqual(5);
  },
);

test('a statement is compiled once for all inserts of its length', () => {
  let calls = 0;
  const insert = rowInsert<Pair>((part) => {
    calls += 1;
    return sql.insertInto('pairs').values(part);
  });
  for (const name of ['a', 'b', 'c'])
    expect(insert([{ name, size: 1 }]).map((one) => one.compile().parameters)).toEqual([[name, 1]]);
  expect(calls).toBe(1);
});

import type { TableChecks } from '../tables/checks.ts';
import {
  type Columns,
  columnsOf,
  durationProblem,
  formatValue,
  missingColumn,
  nullProblem,
  timeProblems,
  wholeProblem,
} from './problem-rules.ts';
import type { Http } from '../tables/http.ts';
import { originsOf } from '../tables/origin.ts';
import { secretProblems } from '../secret.ts';
import type { Source } from '../tables/source.ts';
import type { TableDeclaration } from '../tables/table.ts';

/** Mistakes in the checks of a table. */
export function checkProblems(table: TableDeclaration): readonly string[] {
  const { checks } = table;
  if (!checks) return [];
  const columns = columnsOf(table);
  return [
    ...(checks.unique ?? []).flatMap((name) => missingColumn('checks.unique', name, columns)),
    ...nullsProblems(checks.nulls ?? {}, columns),
    ...rowsProblems(checks.rows ?? {}),
    ...(checks.fresh
      ? [
          ...timeProblems('checks.fresh.by', checks.fresh.by, columns),
          ...durationProblem('checks.fresh.within', checks.fresh.within ?? null),
        ]
      : []),
    ...Object.entries(checks.none ?? {})
      .filter(([, select]) => typeof select !== 'string' || select.trim() === '')
      .map(
        ([name]) =>
          `checks.none.${JSON.stringify(name)} is empty: give a SELECT of the rows that must not exist`,
      ),
  ];
}

function nullsProblems(nulls: NonNullable<TableChecks['nulls']>, columns: Columns): readonly string[] {
  return Object.entries(nulls).flatMap(([name, share]) => {
    const column = columns.get(name);
    if (!column) return missingColumn('checks.nulls', name, columns);
    if (!column.nullable)
      return [`checks.nulls.${name} limits missing values of a column that never is null: remove it`];
    return share >= 0 && share <= 1
      ? []
      : [`checks.nulls.${name} is ${formatValue(share)}: give a share from 0 to 1`];
  });
}

function rowsProblems({ atLeast, atMost, shrink }: NonNullable<TableChecks['rows']>): readonly string[] {
  return [
    ...wholeProblem('checks.rows.atLeast', atLeast, 0),
    ...wholeProblem('checks.rows.atMost', atMost, 0),
    ...(atLeast !== undefined && atMost !== undefined && atLeast > atMost
      ? [`checks.rows.atLeast is ${atLeast}, more than atMost ${atMost}: no table has so many rows`]
      : []),
    ...(shrink === undefined || (shrink >= 0 && shrink < 1)
      ? []
      : [`checks.rows.shrink is ${formatValue(shrink)}: give a share from 0 to below 1`]),
  ];
}

export function sourceProblems({ reader, table, key, since }: Source): readonly string[] {
  const columns = columnsOf(table);
  return [
    ...(key ?? []).flatMap((name) => {
      const column = columns.get(name);
      return column ? nullProblem('key', column) : missingColumn('key', name, columns);
    }),
    ...(since === undefined ? [] : timeProblems('since', since, columns)),
    ...(since !== undefined && (key ?? []).length === 0
      ? ['since needs `key`: without it, rows that come again cannot replace older ones']
      : []),
    ...checkProblems(table),
    ...originsOf(reader).flatMap((origin) =>
      typeof origin !== 'string' && origin.kind === 'http' ? httpProblems(origin) : [],
    ),
  ];
}

function httpProblems({ options: { url, headers, limit } }: Http): readonly string[] {
  const addresses = typeof url === 'string' ? [url] : Array.isArray(url) ? (url as readonly string[]) : [];
  return [
    ...(typeof url !== 'function' && addresses.length === 0 ? ['http.url is empty: give an address'] : []),
    ...addresses
      .filter((address) => !/^https?:\/\//i.test(address))
      .map((address) => `http.url is ${formatValue(address)}: give an address that begins with https://`),
    ...Object.values(headers ?? {}).flatMap((value) =>
      typeof value === 'string' ? [] : secretProblems('http.headers', value),
    ),
    ...(limit
      ? [
          ...wholeProblem('http.limit.requests', limit.requests ?? null, 1),
          ...durationProblem('http.limit.per', limit.per ?? null),
        ]
      : []),
  ];
}

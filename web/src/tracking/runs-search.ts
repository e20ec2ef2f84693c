import { nameOfColumn, parseColumn, quoted, type RunColumn } from './columns.ts';

/** What a table of runs shows, as its address has it. */
export interface RunsSearch {
  /** In MLflow's grammar, with OR and parentheses. */
  readonly filter?: string | undefined;
  /** 'metrics.loss asc'. */
  readonly sort?: string | undefined;
  /** Names of columns, each percent-encoded, with commas between them. */
  readonly columns?: string | undefined;
  /** Ids of experiments, as `columns`. */
  readonly experiments?: string | undefined;
}

export function parseRunsSearch(search: Readonly<Record<string, unknown>>): RunsSearch {
  const names = ['filter', 'sort', 'columns', 'experiments'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = search[name];
      return typeof value === 'string' && value !== '' ? [[name, value]] : [];
    }),
  );
}

export function joinList(list: readonly string[]): string | undefined {
  return list.length > 0 ? list.map(encodeURIComponent).join(',') : undefined;
}

export function splitList(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').flatMap((part) => {
    const value = decoded(part);
    return value === '' ? [] : [value];
  });
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

export interface Sort {
  readonly column: RunColumn;
  readonly ascending: boolean;
}

/** @returns undefined for the order by start, the latest first */
export function parseSort(text: string | undefined): Sort | undefined {
  const [, name = '', direction] = /^(.*) (asc|desc)$/s.exec(text ?? '') ?? [];
  const column = parseColumn(name);
  return column && { column, ascending: direction === 'asc' };
}

/** The order after a click on a column: first up, then down, then by start again. */
export function nextSort(column: RunColumn, sort: Sort | undefined): string | undefined {
  const name = nameOfColumn(column);
  if (!sort || nameOfColumn(sort.column) !== name) return `${name} asc`;
  return sort.ascending ? `${name} desc` : undefined;
}

/** The order in the grammar of a search. */
export function orderOf(sort: Sort | undefined): readonly string[] {
  return sort ? [`${quoted(sort.column)} ${sort.ascending ? 'ASC' : 'DESC'}`] : [];
}

/** The columns of an address; undefined where it has none. */
export function chosenColumns(text: string | undefined): readonly RunColumn[] | undefined {
  return text === undefined ? undefined : splitList(text).flatMap((name) => parseColumn(name) ?? []);
}

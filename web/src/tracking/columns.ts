import type { FoundRun, RunKeysView } from '../../../src/client/index.ts';

export type ColumnKind = 'metrics' | 'params' | 'tags';

/** A column of a table of runs: a value that runs logged. */
export interface RunColumn {
  readonly kind: ColumnKind;
  readonly key: string;
}

const metricsAtFirst = 5;
const paramsAtFirst = 4;
/** Metrics that a client logs about the machine. */
const systemPrefix = 'system/';

/** The columns of a table whose reader has chosen none. */
export function columnsAtFirst({ metrics, params }: RunKeysView): readonly RunColumn[] {
  const logged = metrics.filter((key) => !key.startsWith(systemPrefix));
  return [
    ...logged.slice(0, metricsAtFirst).map((key): RunColumn => ({ kind: 'metrics', key })),
    ...params.slice(0, paramsAtFirst).map((key): RunColumn => ({ kind: 'params', key })),
  ];
}

/** 'metrics.loss', as filters and addresses name it. */
export function nameOfColumn({ kind, key }: RunColumn): string {
  return `${kind}.${key}`;
}

/** @returns undefined for a text that names no column */
export function parseColumn(name: string): RunColumn | undefined {
  const [, kind, key] = /^(metrics|params|tags)\.(.+)$/s.exec(name) ?? [];
  return kind !== undefined && key !== undefined ? { kind: kind as ColumnKind, key } : undefined;
}

/** The column as the filter's grammar writes it, with its key in quotes. */
export function quoted({ kind, key }: RunColumn): string {
  return key.includes('`') ? `${kind}."${key}"` : `${kind}.\`${key}\``;
}

/** What a run has in a column: a number, or a text that a metric also is where JSON has no such number; undefined where it logged nothing. */
export function valueOf(run: FoundRun, { kind, key }: RunColumn): number | string | undefined {
  return Object.hasOwn(run[kind], key) ? run[kind][key] : undefined;
}

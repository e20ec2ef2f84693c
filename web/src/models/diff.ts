import type { ModelVersionView, RunRecord, SignatureColumn } from '../../../src/client/index.ts';

type Value = number | string;

/** Something that one of two versions has, or both in another way. */
export interface Difference {
  readonly name: string;
  /** Undefined where the version has no such thing. */
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

export interface DiffSection {
  readonly title: 'Metrics' | 'Params' | 'Datasets' | 'Inputs' | 'Outputs' | 'Tags';
  /** In order of name. */
  readonly differences: readonly Difference[];
  /** How many names both have with the same value. */
  readonly same: number;
}

/** A version with what its run logged. */
export interface Compared {
  readonly version: Pick<ModelVersionView, 'metrics' | 'signature' | 'tags'>;
  /** Undefined without a run. */
  readonly run: Pick<RunRecord, 'metrics' | 'params' | 'datasets'> | undefined;
}

/** What changed from one version to another; sections in which both have nothing are left out. */
export function diffOf(before: Compared, after: Compared): readonly DiffSection[] {
  const section = (
    title: DiffSection['title'],
    of: (from: Compared) => ReadonlyMap<string, Value>,
  ): DiffSection => sectionOf(title, of(before), of(after));
  return [
    section('Metrics', metricsOf),
    section('Params', ({ run }) => new Map(Object.entries(run?.params ?? {}))),
    section('Datasets', ({ run }) => datasetsOf(run?.datasets ?? [])),
    section('Inputs', ({ version }) => columnsOf(version.signature?.inputs ?? [])),
    section('Outputs', ({ version }) => columnsOf(version.signature?.outputs ?? [])),
    section('Tags', ({ version }) => new Map(Object.entries(version.tags))),
  ].filter(({ differences, same }) => differences.length + same > 0);
}

function sectionOf(
  title: DiffSection['title'],
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
): DiffSection {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  const differences = names
    .map((name) => ({ name, before: before.get(name), after: after.get(name) }))
    .filter((each) => each.before !== each.after);
  return { title, differences, same: names.length - differences.length };
}

/** Those of the run, and those that the gate measured on test rows. */
function metricsOf({ version, run }: Compared): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ...Object.entries(run?.metrics ?? {}).filter(([name]) => !name.startsWith('system/')),
    ...version.metrics.map(({ name, value }) => [name, value] as const),
  ]);
}

function datasetsOf(datasets: RunRecord['datasets']): ReadonlyMap<string, Value> {
  return new Map(
    datasets.map(({ name, context, digest }) => [context === '' ? name : `${name}, ${context}`, digest]),
  );
}

/** Columns without names go by their place. */
function columnsOf(columns: readonly SignatureColumn[]): ReadonlyMap<string, Value> {
  return new Map(
    columns.map(({ name, type, required }, index) => [
      name || `column ${index + 1}`,
      required ? type : `${type}, optional`,
    ]),
  );
}

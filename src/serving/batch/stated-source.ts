import { formatList } from '../../kernel/format-list.ts';
import { inputsOf, type Producer } from '../../project/producer.ts';
import type { Project } from '../../project/project.ts';
import type { Source } from '../../project/tables/source.ts';
import type { TableRef } from '../../project/tables/table.ts';
import { type ReadCsvOptions, readCsvOptions } from '../../sources/csv/csv-options.ts';

/** The CSV source whose options say how a file to predict may be written. */
export interface StatedSource {
  readonly name: string;
  readonly options: ReadCsvOptions;
  /** The columns of its `row`, in their order. */
  readonly columns: readonly string[];
}

interface FoundSource {
  readonly source?: StatedSource;
  /** Why no source is used, where several would do: a sentence without its end. */
  readonly undecided?: string;
}

/**
 * The CSV source that a model's rows come from; of several, or if none is CSV, the one that has most fields of a request.
 * @param model without its rows, every source of the project may be it
 */
export function sourceOfModel(
  { sources }: Pick<Project, 'sources'>,
  { rows }: { readonly rows: TableRef },
  fields: readonly string[],
): FoundSource {
  const isCsv = ({ reader }: Source): boolean => reader.kind === 'csv';
  const modelSources = [...sourcesOf(rows.producer, new Set())]
    .map((found) => sources.find(({ name }) => name === found.name) ?? found)
    .filter(isCsv);
  const [only, ...others] = modelSources;
  if (only && others.length === 0) return { source: statedBy(only) };
  const candidates = (only ? modelSources : sources.filter(isCsv))
    .map((source) => ({
      source,
      fits: source.table.schema.columns.filter(({ name }) => fields.includes(name)).length,
    }))
    .toSorted((a, b) => b.fits - a.fits);
  const best = candidates.filter(({ fits }) => fits > 0 && fits === candidates[0]?.fits);
  const [first, ...tied] = best.map(({ source }) => source);
  if (!first) return {};
  if (tied.length === 0) return { source: statedBy(first) };
  const names = formatList([first, ...tied].map(({ name }) => `"${name}"`));
  return { undecided: `the sources ${names} fit the request alike, so the options of none are used` };
}

/** The sources of a table's rows, without those of lookups. */
function sourcesOf(producer: Producer, seen: Set<Producer>): ReadonlySet<Source> {
  const found = new Set<Source>();
  if (seen.has(producer)) return found;
  seen.add(producer);
  if (producer.kind === 'source') return found.add(producer);
  const inputs = producer.kind === 'model' ? [producer.rows] : inputsOf(producer);
  for (const input of inputs) for (const source of sourcesOf(input.producer, seen)) found.add(source);
  return found;
}

function statedBy({ name, reader, table }: Source): StatedSource {
  return {
    name,
    options: readCsvOptions(reader.options),
    columns: table.schema.columns.map((column) => column.name),
  };
}

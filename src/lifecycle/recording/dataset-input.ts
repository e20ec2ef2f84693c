import { z } from 'zod';
import type { TableDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import { digestSchema } from '../../pipeline/stored-result.ts';
import type { ColumnType } from '../../project/tables/table.ts';
import { contextTag, type DatasetInput } from '../../tracking/model.ts';

/** MLflow's limit for the digest of a dataset; the source has the full digest. */
const longestDigest = 36;
/** MLflow's limits for a schema and for a profile. */
const longestSchema = 1_048_575;

const mlflowTypes: Readonly<Record<ColumnType, string>> = {
  string: 'string',
  integer: 'long',
  number: 'double',
  boolean: 'boolean',
  date: 'datetime',
  timestamp: 'datetime',
};

export interface TableInput {
  /** The task that wrote the table: 'matches'. */
  readonly task: string;
  readonly digest: Digest;
  readonly table: TableDataset;
  /** How the run uses it: 'training'. */
  readonly context: string;
}

/** A table of the pipeline as an input of an MLflow run. */
export function datasetInput({ task, digest, table, context }: TableInput): DatasetInput {
  const { columns } = table.schema;
  const schema = JSON.stringify({
    mlflow_colspec: columns.map(({ name, type, nullable }) => ({
      name,
      type: mlflowTypes[type],
      required: !nullable,
    })),
  });
  const profile = { num_rows: table.rows, num_elements: table.rows * columns.length };
  return {
    dataset: {
      name: task,
      digest: digest.slice(0, longestDigest),
      sourceType: 'modelyard',
      source: JSON.stringify({ task, digest }),
      ...(schema.length <= longestSchema && { schema }),
      profile: JSON.stringify(profile),
    },
    tags: [{ key: contextTag, value: context }],
  };
}

const tableSource = z.object({ task: z.string(), digest: digestSchema });

/** The table of the pipeline that an input of a run names; an MLflow client may have logged other inputs. */
export function inputTable({ dataset }: DatasetInput): Digest | undefined {
  if (dataset.sourceType !== 'modelyard') return undefined;
  try {
    return tableSource.safeParse(JSON.parse(dataset.source)).data?.digest;
  } catch {
    return undefined;
  }
}

import type { Operations } from '../api/routes.ts';
import type { SkewView } from '../api/views.ts';
import type { BlobStore } from '../data/blob-store.ts';
import { asTable, readDataset, type TableDataset } from '../data/dataset.ts';
import type { Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import { refusedRowsOf } from '../lifecycle/features/refused-requests.ts';
import { inputTable } from '../lifecycle/recording/dataset-input.ts';
import { features } from '../lifecycle/operations/features.ts';
import { traceVersion } from '../lineage/trace.ts';
import type { PipelineVersion } from '../registry/model.ts';
import { contextTag } from '../tracking/model.ts';
import { measureSkew, type SkewInput } from '../serving/skew.ts';
import { modelNamed, type Projects, required } from './hosted-models.ts';
import type { ViewStores } from './model-views.ts';

export interface SkewDeps {
  readonly projects: Projects;
  readonly stores: ViewStores;
  readonly blobs: BlobStore;
}

/** Compares the features of training with those of serving. */
export function skewOperation({ projects, stores, blobs }: SkewDeps): Pick<Operations, 'checkSkew'> {
  return {
    async checkSkew({ model: name, most }) {
      const { endpoint } = modelNamed(projects, name, 'model');
      await endpoint.refresh().catch(() => {});
      const served = required(endpoint.current(), 'NOT_READY', {
        field: `${name}@${endpoint.alias}`,
        value: endpoint.problem()?.message ?? 'no version',
        remedy: 'Run the project: the version that the alias points to is compared with its training.',
      });
      const learned = await trainingTables(served.version, { stores, blobs });
      const { first, ...skew } = await measureSkew({ served, blobs, most, ...learned });
      return {
        model: name,
        version: served.version.version,
        problem: endpoint.problem()?.message ?? null,
        ...skew,
        first: first.map(({ trained, served: now, refused = null, ...difference }) => ({
          ...difference,
          trained: withoutNaN(trained),
          served: withoutNaN(now),
          refused,
        })),
      } satisfies SkewView;
    },
  };
}

function withoutNaN(value: number | null): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The rows of a version's training, the features that were computed of them, and the rows that were set aside. */
async function trainingTables(
  version: PipelineVersion,
  { stores: { tracking }, blobs }: Pick<SkewDeps, 'stores' | 'blobs'>,
): Promise<Pick<SkewInput, 'rows' | 'matrix' | 'refused'>> {
  const { tasks, trainingRun } = await traceVersion(version, { tracking, blobs });
  const rows = trainingRun.datasets
    .filter(({ tags }) => tags.some(({ key, value }) => key === contextTag && value === 'training'))
    .map(inputTable)
    .find((digest) => digest !== undefined);
  const { matrix, refused } = tasks.find(({ operation }) => operation === features.name)?.outputs ?? {};
  const read = async (name: string, digest: Digest | undefined): Promise<TableDataset> => {
    if (digest) return asTable(await readDataset(digest, blobs), `input ${name}`);
    throw new PlatformError('MODEL_UNSUPPORTED', {
      field: `version ${version.version}`,
      value: `no ${name}`,
      remedy: 'The record of its training does not name the table: train it again.',
    });
  };
  return {
    rows: await read('rows', rows),
    matrix: await read('features', matrix),
    // Earlier releases set no rows aside.
    refused: refused ? refusedRowsOf(await readDataset(refused, blobs)) : new Set(),
  };
}

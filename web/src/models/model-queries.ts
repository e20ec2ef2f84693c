import type { DataTag, InfiniteData } from '@tanstack/react-query';
import type {
  AliasMoveView,
  ModelVersionsFound,
  ModelVersionView,
  RegisteredModelRow,
  RegisteredModelView,
} from '../../../src/client/index.ts';
import { client, queries, type Read, read } from '../queries.ts';
import type { Paged } from '../tracking/use-pages.ts';
import type { ModelsSearch } from './models-search.ts';

const refetchMs = 8000;

/** The models that a search finds. */
export function foundModels({ contains, order }: ModelsSearch): Paged<RegisteredModelRow> {
  return {
    key: ['models', contains ?? '', order ?? 'name'],
    async read({ signal, ...part }) {
      const { models, total, next } = await client.listRegisteredModels(
        { contains, order, ...part },
        { signal },
      );
      return { rows: models, total, next };
    },
    refetchEvery: () => refetchMs,
  };
}

const latestModels = 5;

/** The models that changed last, and how many there are. */
export const latestModelsQuery = read(['latest-models'], (asking) =>
  client.listRegisteredModels({ order: 'updated', limit: latestModels, offset: 0, count: true }, asking),
);

export function modelQuery(model: string): Read<RegisteredModelView> {
  return read(['model', model], (asking) => client.getRegisteredModel({ model }, asking));
}

export function versionQuery(model: string, version: number): Read<ModelVersionView> {
  return read(['model', model, 'version', String(version)], (asking) =>
    client.getModelVersion({ model, version }, asking),
  );
}

export function movesQuery(model: string, alias: string): Read<readonly AliasMoveView[]> {
  return read(['model', model, 'moves', alias], (asking) => client.listAliasMoves({ model, alias }, asking));
}

const firstVersions = 20;
const olderVersions = 100;

export interface ReadVersions {
  readonly queryKey: DataTag<readonly string[], InfiniteData<ModelVersionsFound, number>>;
  readonly queryFn: (asking: {
    readonly signal: AbortSignal;
    readonly pageParam: number;
  }) => Promise<ModelVersionsFound>;
  /** The offset of a page. */
  readonly initialPageParam: number;
  readonly getNextPageParam: (last: ModelVersionsFound) => number | undefined;
}

/** The latest versions first, then pages of older ones on demand. */
export function versionsQuery(model: string): ReadVersions {
  return {
    // The library brands keys with the type of their data, which a plain list does not have.
    queryKey: ['model', model, 'versions'] as unknown as ReadVersions['queryKey'],
    queryFn: ({ signal, pageParam }) =>
      client.listModelVersions(
        { model, limit: pageParam === 0 ? firstVersions : olderVersions, offset: pageParam },
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next ?? undefined,
  };
}

/** Reads everything about a model again after one of its aliases moved. */
export function modelChanged(model: string): Promise<unknown> {
  return Promise.all([
    queries.invalidateQueries({ queryKey: ['model', model] }),
    queries.invalidateQueries({ queryKey: ['models'] }),
    queries.invalidateQueries({ queryKey: ['latest-models'] }),
    // What a project serves follows its alias.
    queries.invalidateQueries({ queryKey: ['projects'] }),
    queries.invalidateQueries({ queryKey: ['project'] }),
    queries.invalidateQueries({ queryKey: ['endpoint', model] }),
  ]);
}

import type { Forecast } from '../project/models/forecast.ts';
import type { Fold } from '../project/tables/fold.ts';
import type { Model } from '../project/models/model.ts';
import { isFetched, isTrained } from '../project/not-built.ts';
import type { Source } from '../project/tables/source.ts';
import type { Sql } from '../project/tables/sql.ts';
import type { Step } from '../project/tables/step.ts';
import type { DeclaredKind } from './operation.ts';

export const sources: DeclaredKind<Source> = {
  name: 'source',
  list: (project) => project.sources.filter(isFetched),
};
export const steps: DeclaredKind<Step> = { name: 'step', list: (project) => project.steps };
export const models: DeclaredKind<Model> = {
  name: 'model',
  list: (project) => project.models.filter(isTrained),
};
export const forecasts: DeclaredKind<Forecast> = {
  name: 'forecast',
  list: (project) => project.forecasts,
};
export const sqls: DeclaredKind<Sql> = {
  name: 'sql',
  list: ({ nodes }) => nodes.filter((node) => node.kind === 'sql'),
};
export const folds: DeclaredKind<Fold> = {
  name: 'fold',
  list: ({ nodes }) => nodes.filter((node) => node.kind === 'fold'),
};

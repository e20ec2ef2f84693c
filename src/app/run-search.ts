import type { FoundRun, MetricValue, RunsFound } from '../api/run-views.ts';
import type { Operations } from '../api/routes.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { ExperimentStore } from '../tracking/experiment-store.ts';
import type { Experiment, Run, View } from '../tracking/model.ts';
import { valuesByKey } from '../tracking/run-entries.ts';
import type { RunStore } from '../tracking/run-store.ts';
import { parseCondition } from '../tracking/search/filter.ts';
import { runSearch } from '../tracking/search/grammar.ts';
import { parseOrders } from '../tracking/search/order.ts';

export interface RunSearchDeps {
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
}

/** Experiments that are read together. */
const atOnce = 1000;

/** @throws PlatformError EXPERIMENT_NOT_FOUND; SearchError for a filter or an order that cannot be read */
export async function searchRuns(
  input: Parameters<Operations['searchRuns']>[0],
  { experiments, runs }: RunSearchDeps,
): Promise<RunsFound> {
  const { filter = '', orderBy = [], lifecycle = 'active', limit = 100, offset = 0 } = input;
  const query = {
    view: lifecycle,
    filter: parseCondition(filter, runSearch),
    order: parseOrders(orderBy, runSearch),
    offset,
    limit,
  };
  const names = await experimentNames(input.experiments, { lifecycle, experiments });
  const found = { ...query, experimentIds: [...names.keys()] };
  const [{ items, next }, total] = await Promise.all([
    runs.search({ ...found, ...(input.values && { values: input.values }) }),
    input.count === true ? runs.count(found) : null,
  ]);
  return {
    runs: items.map((run) => foundRun(run, names.get(run.info.experimentId) ?? '')),
    total,
    next: next ?? null,
  };
}

interface Among {
  readonly lifecycle: View;
  readonly experiments: ExperimentStore;
}

/** The names of experiments by their ids. @param given names or ids; undefined for all. @throws as `experimentCalled` */
export async function experimentNames(
  given: readonly string[] | undefined,
  { lifecycle, experiments }: Among,
): Promise<ReadonlyMap<string, string>> {
  const found = given
    ? await Promise.all(given.map((each) => experimentCalled(each, experiments)))
    : await allExperiments(lifecycle, experiments);
  return new Map(found.map(({ id, name }) => [id, name]));
}

/** @param given a name, or else an id. @throws PlatformError EXPERIMENT_NOT_FOUND */
export async function experimentCalled(
  given: string,
  experiments: Pick<ExperimentStore, 'get' | 'getByName'>,
): Promise<Experiment> {
  const found = (await experiments.getByName(given)) ?? (await experiments.get(given));
  if (found) return found;
  const remedy = 'No experiment has this name or id: list the runs with: modelyard runs.';
  throw new PlatformError('EXPERIMENT_NOT_FOUND', { field: 'experiment', value: given, remedy });
}

/** Runs of a deleted experiment are deleted. */
async function allExperiments(view: View, experiments: ExperimentStore): Promise<readonly Experiment[]> {
  const found: Experiment[] = [];
  const query = { view: view === 'active' ? 'active' : 'all', limit: atOnce } as const;
  for (let offset: number | undefined = 0; offset !== undefined;) {
    const page = await experiments.search({ ...query, offset });
    found.push(...page.items);
    offset = page.next;
  }
  return found;
}

export function foundRun({ info, params, metrics, tags }: Run, experiment: string): FoundRun {
  const { id, name, experimentId, status, lifecycle, user, startedAt, endedAt, artifactUri } = info;
  return {
    id,
    name,
    experiment: { id: experimentId, name: experiment },
    status,
    lifecycle,
    user,
    startedAt,
    endedAt: endedAt ?? null,
    artifactUri,
    params: valuesByKey(params),
    metrics: Object.fromEntries(metrics.map(({ key, value }) => [key, metricValue(value)])),
    tags: valuesByKey(tags),
  };
}

export function metricValue(value: number): MetricValue {
  return Number.isFinite(value) ? value : (String(value) as MetricValue);
}

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
  const experimentList = input.experiments
    ? await Promise.all(input.experiments.map((given) => experimentCalled(given, experiments)))
    : await allExperiments(lifecycle, experiments);
  const names = new Map(experimentList.map(({ id, name }) => [id, name]));
  const { items, next } = await runs.search({ ...query, experimentIds: [...names.keys()] });
  return { runs: items.map((run) => foundRun(run, names)), next: next ?? null };
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

function foundRun({ info, params, metrics, tags }: Run, names: ReadonlyMap<string, string>): FoundRun {
  const { id, name, experimentId, status, lifecycle, user, startedAt, endedAt, artifactUri } = info;
  return {
    id,
    name,
    experiment: { id: experimentId, name: names.get(experimentId) ?? '' },
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

function metricValue(value: number): MetricValue {
  return Number.isFinite(value) ? value : (String(value) as MetricValue);
}

import type { Operations } from '../api/routes.ts';
import type { Run } from '../tracking/model.ts';
import { tagOf } from '../tracking/run-entries.ts';
import type { RunMoves } from '../tracking/run-moves.ts';
import type { RunStore } from '../tracking/run-store.ts';
import { projectNamed, type Projects, required } from './hosted-models.ts';
import type { ViewStores } from './model-views.ts';
import { type PurgeDeps, purgeDeleted } from './purge-operation.ts';
import { formatRunCursor, parseRunCursor } from './run-cursor.ts';
import { experimentCalled, searchRuns } from './run-search.ts';
import { runRows, runView } from './run-views.ts';

export interface RunOperationDeps extends PurgeDeps {
  readonly projects: Projects;
  readonly stores: ViewStores;
  readonly moves: RunMoves;
}

/** Runs of projects and of MLflow clients. */
export function runOperations(
  deps: RunOperationDeps,
): Pick<Operations, 'listRuns' | 'getRun' | 'searchRuns' | 'moveRuns' | 'purge'> {
  const { projects, stores, moves } = deps;
  const { experiments, runs } = stores.tracking;
  return {
    async listRuns({ project: name, limit, after }) {
      const { project } = projectNamed(projects, name).plan;
      const cursor = after === undefined ? undefined : parseRunCursor(after);
      const experiment = await experiments.getByName(name);
      if (!experiment) return { runs: [], next: null };
      const page = await runs.list({
        experimentId: experiment.id,
        parentIds: null,
        limit,
        ...(cursor && { after: cursor }),
      });
      return {
        runs: await runRows(page.runs, project, stores),
        next: page.next ? formatRunCursor(page.next) : null,
      };
    },
    async getRun({ run: id }) {
      const missing = { field: 'run', value: id, remedy: 'See the list of runs of the project.' };
      const run = required(await outermostRun(id, runs), 'RUN_NOT_FOUND', missing);
      const outside = {
        ...missing,
        remedy: 'It belongs to no project: find it with modelyard runs --experiment.',
      };
      const name = required(tagOf(run, 'modelyard.project'), 'RUN_NOT_FOUND', outside);
      const { project } = projectNamed(projects, name).plan;
      return runView(run, project, stores);
    },
    searchRuns: (input) => searchRuns(input, stores.tracking),
    async moveRuns({ runs: ids, experiment, nested = false }) {
      const { id } = await experimentCalled(experiment, experiments);
      return { moved: await moves.move({ runs: ids, experimentId: id, nested }) };
    },
    purge: (input) => purgeDeleted(input, deps),
  };
}

/** The run that a run is nested in, however deep. */
async function outermostRun(id: string, runs: RunStore): Promise<Run | undefined> {
  const visited = new Set([id]);
  let outermost = id;
  for (;;) {
    const [info] = await runs.getInfos([outermost]);
    // Parents that an older build stored may form a circle.
    if (!info?.parentId || visited.has(info.parentId)) return runs.get(outermost);
    outermost = info.parentId;
    visited.add(outermost);
  }
}

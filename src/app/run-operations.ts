import type { Operations } from '../api/routes.ts';
import type { RunMoves } from '../tracking/run-moves.ts';
import { projectNamed, type Projects } from './hosted-models.ts';
import type { ViewStores } from './model-views.ts';
import { projectRun } from './project-run.ts';
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
      const { run, project } = await projectRun(id, { projects, runs });
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

import type { Project } from '../project/project.ts';
import type { Run } from '../tracking/model.ts';
import { tagOf } from '../tracking/run-entries.ts';
import type { RunStore } from '../tracking/run-store.ts';
import { projectNamed, type Projects, required } from './hosted-models.ts';

/** A pipeline run with its project. */
export interface ProjectRun {
  readonly run: Run;
  readonly project: Project;
}

/** The pipeline run of an id, or the one that a run of this id is nested in. @throws PlatformError RUN_NOT_FOUND */
export async function projectRun(
  id: string,
  { projects, runs }: { readonly projects: Projects; readonly runs: RunStore },
): Promise<ProjectRun> {
  const missing = { field: 'run', value: id, remedy: 'See the list of runs of the project.' };
  const run = required(await outermostRun(id, runs), 'RUN_NOT_FOUND', missing);
  const outside = {
    ...missing,
    remedy: 'It belongs to no project: find it with modelyard runs --experiment.',
  };
  const name = required(tagOf(run, 'modelyard.project'), 'RUN_NOT_FOUND', outside);
  return { run, project: projectNamed(projects, name).plan.project };
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

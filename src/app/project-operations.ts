import type { Operations } from '../api/routes.ts';
import type { ProjectView } from '../api/views.ts';
import { servedModels } from '../project/project.ts';
import { modelNamed, projectNamed, type Projects } from './hosted-models.ts';
import type { HostedProject } from './hosted-project.ts';
import { modelView, type ViewStores } from './model-views.ts';
import { endpointView, simulatedSources } from './prediction-views.ts';
import { projectNotices } from './project-notices.ts';
import { runRow } from './run-views.ts';

export interface ProjectDeps {
  readonly projects: Projects;
  readonly stores: ViewStores;
}

/** Projects with their models and endpoints. */
export function projectOperations({
  projects,
  stores,
}: ProjectDeps): Pick<Operations, 'listProjects' | 'getProject' | 'getModel' | 'getEndpoint'> {
  return {
    listProjects: async () => Promise.all(projects().map((hosted) => projectView(hosted, stores))),
    getProject: async ({ project }) => projectView(projectNamed(projects, project), stores),
    async getModel({ model: name }) {
      const { model, endpoint } = modelNamed(projects, name, 'model');
      return modelView(model, endpoint, stores);
    },
    async getEndpoint({ endpoint: name }) {
      const { endpoint, model, hosted } = modelNamed(projects, name, 'endpoint');
      return endpointView(endpoint, model, { project: hosted.plan.project, stores });
    },
  };
}

async function projectView(hosted: HostedProject, stores: ViewStores): Promise<ProjectView> {
  const { project } = hosted.plan;
  const activeId = hosted.activeRunId();
  const active = activeId && (await stores.tracking.runs.get(activeId));
  return {
    name: project.name,
    title: project.title,
    description: project.description ?? null,
    simulated: simulatedSources(project),
    notices: projectNotices(hosted.plan),
    tasks: hosted.tasks(),
    activeRun: active ? await runRow(active, project, stores) : null,
    models: await Promise.all(
      servedModels(project).map((model) => modelView(model, hosted.endpoints.get(model.name), stores)),
    ),
    problem: hosted.problem ?? null,
  };
}

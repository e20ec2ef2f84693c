import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ModelView, ProjectView } from '../../../src/client/index.ts';
import { projectQuery } from '../queries.ts';
import { Page } from '../shell/page.tsx';
import { ErrorNote } from '../shell/parts.tsx';
import { Lead } from './lead.tsx';
import { LiveModel } from './live-model.tsx';
import { useLive } from './live.ts';
import { Notices, Warnings } from './notices.tsx';
import { Pipeline } from './pipeline.tsx';
import { RunNow } from './run-now.tsx';
import { RunsTable } from './runs-table.tsx';
import { VersionsTable } from './versions-table.tsx';
import './project.css';

const route = getRouteApi('/projects/$project');

export function ProjectPage(): ReactNode {
  const { project: name } = route.useParams();
  const { data: project } = useSuspenseQuery(projectQuery(name));
  const logs = useLive(name);
  return (
    <Page title={project.title} crumbs={[{ text: project.name }]} simulated={project.simulated}>
      <div className="heading">
        <h1>{project.title}</h1>
        <div className="actions">
          <RunNow project={project} />
          <Link className="button" to="/projects/$project/data" params={{ project: project.name }}>
            Data
          </Link>
          <PredictLinks models={project.models} />
        </div>
      </div>
      <Lead project={project} />
      <Notices notices={project.notices} />
      {project.problem && (
        <ErrorNote
          error={project.problem}
          title="The project file has a mistake; what you see is its last good state."
        />
      )}
      {project.models.map(({ name, title, alias, problem }) =>
        problem === null ? null : (
          <ErrorNote
            key={name}
            error={problem}
            title={`${title} does not serve the version that @${alias} points to.`}
          />
        ),
      )}
      {project.models.map((model) => (
        <ModelSection key={model.name} model={model} project={project} />
      ))}
      <Pipeline project={project} logs={logs} />
      <RunsTable project={project} />
    </Page>
  );
}

/** The first is the page's main button; with several models each button names its model. */
function PredictLinks({ models }: { readonly models: readonly ModelView[] }): ReactNode {
  return models
    .filter(({ live }) => live !== null)
    .map((model, index, all) => (
      <Link
        key={model.name}
        className={index === 0 ? 'button primary' : 'button'}
        to="/apps/$endpoint"
        params={{ endpoint: model.name }}
      >
        {all.length === 1 ? 'Predict' : `Predict ${model.title}`}
      </Link>
    ));
}

function ModelSection({
  model,
  project,
}: {
  readonly model: ModelView;
  readonly project: ProjectView;
}): ReactNode {
  if (model.versions.length === 0) return null;
  return (
    <div className="model">
      <Warnings texts={model.warnings.map(({ version, text }) => `Version ${version}: ${text}`)} />
      <LiveModel model={model} named={project.models.length > 1} />
      <VersionsTable model={model} project={project.name} />
    </div>
  );
}

import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ExperimentRow, ProjectView } from '../../../src/client/index.ts';
import { experimentsQuery, projectsQuery } from '../queries.ts';
import { Page } from '../shell/page.tsx';
import { counted } from '../text/numbers.ts';
import { ExperimentsTable } from '../tracking/experiments-table.tsx';
import { FirstRun } from '../tracking/first-run.tsx';
import { ModelsCard } from './models-card.tsx';
import { ProjectList } from './project-list.tsx';

const refetchMs = 3000;

/** Everything on this server: projects, and the experiments of MLflow clients. */
export function HomePage(): ReactNode {
  const { data: projects } = useSuspenseQuery(projectsQuery);
  const first = useSuspenseQuery(experimentsQuery);
  const { data: experiments = first.data } = useQuery({ ...experimentsQuery, refetchInterval: refetchMs });
  const hasRuns = experiments.some(({ runs }) => runs > 0);
  return (
    <Page title="Home" crumbs={[]}>
      <h1>{hasRuns || projects.length > 0 ? 'Home' : 'Welcome to Modelyard'}</h1>
      {(hasRuns || projects.length > 0) && <Lead projects={projects} experiments={experiments} />}
      {projects.length > 0 && <ProjectList projects={projects} />}
      <ModelsCard />
      {hasRuns ? <ExperimentsTable experiments={experiments} /> : <FirstRun />}
    </Page>
  );
}

interface LeadProps {
  readonly projects: readonly ProjectView[];
  readonly experiments: readonly ExperimentRow[];
}

/** 'Two models are live. 3 runs are running. 2 runs failed in the last 24 hours.' */
function Lead({ projects, experiments }: LeadProps): ReactNode {
  const live = projects.flatMap(({ models }) => models).filter((model) => model.live).length;
  const sum = (of: (row: ExperimentRow) => number): number =>
    experiments.reduce((total, row) => total + of(row), 0);
  const running = sum((row) => row.running);
  const failed = sum((row) => row.failed.at(-1) ?? 0);
  return (
    <p className="lead">
      {live > 0 && (
        <>
          <strong>{counted(live, 'model')}</strong> {live === 1 ? 'is' : 'are'} live.{' '}
        </>
      )}
      <strong>{running === 0 ? 'No run' : counted(running, 'run')}</strong> {running > 1 ? 'are' : 'is'} in
      progress.
      {failed > 0 && (
        <>
          {' '}
          <strong className="bad-word">{counted(failed, 'run')}</strong> failed in the last 24 hours.
        </>
      )}
    </p>
  );
}

import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { experimentsQuery } from '../queries.ts';
import { Page } from '../shell/page.tsx';
import { RunsView } from './runs-view.tsx';
import { splitList } from './runs-search.ts';

const one = getRouteApi('/experiments/$experiment');
const all = getRouteApi('/runs');

/** The runs of one experiment. */
export function ExperimentPage(): ReactNode {
  const { experiment: id } = one.useParams();
  const search = one.useSearch();
  const navigate = one.useNavigate();
  const { data: experiments } = useSuspenseQuery(experimentsQuery);
  const name = experiments.find((each) => each.id === id)?.name ?? `Experiment ${id}`;
  return (
    <Page title={name} crumbs={[{ text: name }]}>
      <h1>{name}</h1>
      <RunsView
        experiments={[id]}
        search={search}
        onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }) })}
      />
    </Page>
  );
}

/** The runs of all experiments, or of those that the address names. */
export function AllRunsPage(): ReactNode {
  const search = all.useSearch();
  const navigate = all.useNavigate();
  const experiments = splitList(search.experiments);
  return (
    <Page title="Runs" crumbs={[{ text: 'Runs' }]}>
      <h1>Runs</h1>
      <RunsView
        experiments={experiments.length > 0 ? experiments : undefined}
        search={search}
        onSearch={(change) => void navigate({ search: (before) => ({ ...before, ...change }) })}
      />
    </Page>
  );
}

import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '../shell/page.tsx';
import { ModelsGrid } from './models-grid.tsx';
import { NameSearch } from './name-search.tsx';

const route = getRouteApi('/models');

/** Every registered model of this server, found by name. */
export function ModelsPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { contains = '' } = search;
  return (
    <Page title="Models" crumbs={[{ text: 'Models' }]}>
      <h1>Models</h1>
      <NameSearch
        contains={contains}
        onSearch={(text, isStep) =>
          void navigate({
            search: (before) => ({ ...before, contains: text || undefined }),
            replace: !isStep,
          })
        }
      />
      <section className="card" aria-label="Registered models">
        <ModelsGrid
          key={`${search.order} ${contains}`}
          search={search}
          onOrder={(order) => void navigate({ search: (before) => ({ ...before, order }) })}
        />
      </section>
    </Page>
  );
}

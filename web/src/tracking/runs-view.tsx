import { useSuspenseQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { runKeysQuery } from '../queries.ts';
import { counted } from '../text/numbers.ts';
import { ColumnChooser } from './column-chooser.tsx';
import { columnsAtFirst, nameOfColumn, type RunColumn } from './columns.ts';
import { FilterBar } from './filter-bar.tsx';
import { RunsGrid } from './runs-grid.tsx';
import { chosenColumns, joinList, nextSort, orderOf, parseSort, type RunsSearch } from './runs-search.ts';
import './tracking.css';

interface RunsViewProps {
  /** Ids; undefined for all active experiments. */
  readonly experiments: readonly string[] | undefined;
  readonly search: RunsSearch;
  /** Puts a change into the address; an undefined part is removed from it. */
  readonly onSearch: (change: RunsSearch) => void;
}

/** A table of runs with its filter, order and columns, all of them in the address. */
export function RunsView({ experiments, search, onSearch }: RunsViewProps): ReactNode {
  const { data: keys } = useSuspenseQuery(runKeysQuery(experiments, ''));
  const columns = chosenColumns(search.columns) ?? columnsAtFirst(keys);
  const sort = parseSort(search.sort);
  const by = { experiments, filter: search.filter ?? '', orderBy: orderOf(sort), columns };
  const choose = (chosen: readonly RunColumn[]): void =>
    onSearch({ columns: joinList(chosen.map(nameOfColumn)) ?? 'none' });
  return (
    <>
      <div className="runs-bar">
        <FilterBar
          key={search.filter ?? ''}
          filter={search.filter ?? ''}
          onFilter={(filter) => onSearch({ filter: filter || undefined })}
        />
        <ColumnChooser experiments={experiments} columns={columns} onColumns={choose} />
      </div>
      <section className="card" aria-label="Runs">
        <RunsGrid
          key={`${search.filter} ${search.sort}`}
          by={by}
          sort={sort}
          onSort={(column) => onSearch({ sort: nextSort(column, sort) })}
          hasExperiments={experiments?.length !== 1}
          onTotal={(total) => <p className="faint">{counted(total, 'run')}</p>}
        />
      </section>
    </>
  );
}

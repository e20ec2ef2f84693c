import { Link } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import type { RegisteredModelRow } from '../../../src/client/index.ts';
import { useWindow } from '../data/use-window.ts';
import { asErrorBody } from '../shell/error-body.ts';
import { ErrorNote } from '../shell/parts.tsx';
import { ScrollArea } from '../shell/scroll-area.tsx';
import { counted } from '../text/numbers.ts';
import { Ago } from '../text/times.tsx';
import { Space } from '../tracking/runs-grid.tsx';
import { useRows, useTotal } from '../tracking/use-pages.ts';
import { AliasTags } from './alias-tags.tsx';
import { FirstModel } from './first-model.tsx';
import { foundModels } from './model-queries.ts';
import type { ModelsSearch } from './models-search.ts';
import '../tracking/tracking.css';
import './models.css';

/** Rows have these heights in tracking.css. */
const rowHeights = { wide: 36, narrow: 64 };
const firstRows = 40;
const columns = 6;

interface ModelsGridProps {
  readonly search: ModelsSearch;
  readonly onOrder: (order: ModelsSearch['order']) => void;
}

/** Every model that a search finds; only the rows on the screen are loaded and rendered. */
export function ModelsGrid({ search, onOrder }: ModelsGridProps): ReactNode {
  const body = useRef<HTMLTableSectionElement>(null);
  const rowHeight = matchMedia('(max-width: 700px)').matches ? rowHeights.narrow : rowHeights.wide;
  const list = foundModels(search);
  const { total, error: firstError } = useTotal(list);
  const rows = useWindow(body, total ?? firstRows, rowHeight);
  const { error = firstError, rowAt } = useRows(list, rows);
  if (error) return <ErrorNote error={asErrorBody(error)} />;
  if (total === undefined) return <output className="pending">Loading…</output>;
  if (total === 0)
    return search.contains === undefined ? (
      <FirstModel />
    ) : (
      <p className="muted">No model has this text in its name.</p>
    );
  const end = Math.min(rows.end, total);
  return (
    <>
      <p className="faint">{counted(total, 'model')}</p>
      <ScrollArea label="Registered models">
        <table className="found-runs found-models" aria-rowcount={total + 1}>
          <colgroup>
            <col className="run" />
            <col className="latest" />
            <col className="aliases" />
            <col />
            <col className="model-tags" />
            <col className="started" />
          </colgroup>
          <thead>
            <tr>
              <OrderHead title="Name" order={undefined} search={search} onOrder={onOrder} />
              <th scope="col" className="n">
                Latest
              </th>
              <th scope="col">Aliases</th>
              <th scope="col">Description</th>
              <th scope="col">Tags</th>
              <OrderHead title="Updated" order="updated" search={search} onOrder={onOrder} />
            </tr>
          </thead>
          <tbody ref={body}>
            <Space rows={rows.first} height={rowHeight} />
            {Array.from({ length: Math.max(0, end - rows.first) }, (_, offset) => (
              <ModelRow
                key={rows.first + offset}
                position={rows.first + offset}
                model={rowAt(rows.first + offset)}
              />
            ))}
            <Space rows={total - end} height={rowHeight} />
          </tbody>
        </table>
      </ScrollArea>
    </>
  );
}

interface OrderHeadProps extends ModelsGridProps {
  readonly title: string;
  readonly order: ModelsSearch['order'];
}

function OrderHead({ title, order, search, onOrder }: OrderHeadProps): ReactNode {
  const isSorted = search.order === order;
  const isDescending = order === 'updated';
  return (
    <th scope="col" aria-sort={isSorted ? (isDescending ? 'descending' : 'ascending') : undefined}>
      <button type="button" className="sort" onClick={() => onOrder(order)}>
        {title}
        {isSorted && <span aria-hidden="true">{isDescending ? '↓' : '↑'}</span>}
      </button>
    </th>
  );
}

interface ModelRowProps {
  readonly position: number;
  readonly model: RegisteredModelRow | undefined;
}

function ModelRow({ position, model }: ModelRowProps): ReactNode {
  if (!model)
    return (
      <tr aria-rowindex={position + 2} className="loading">
        <td aria-label="Loading" colSpan={columns}>
          <span />
        </td>
      </tr>
    );
  const { name, latestVersion, description } = model;
  const tags = Object.entries(model.tags).map(([key, value]) => (value === '' ? key : `${key}: ${value}`));
  return (
    <tr aria-rowindex={position + 2}>
      <th scope="row" title={name}>
        <Link to="/models/$model" params={{ model: name }} search={{}}>
          {name}
        </Link>
      </th>
      <td className="n latest">
        {latestVersion === null ? (
          <span className="faint">no version</span>
        ) : (
          <Link
            to="/models/$model/versions/$version"
            params={{ model: name, version: String(latestVersion) }}
            search={{}}
          >
            v{latestVersion}
          </Link>
        )}
      </td>
      <td className="aliases">
        <AliasTags aliases={model.aliases} stages={model.stages} most={2} />
      </td>
      <td className="extra" title={description}>
        {description === '' ? <span className="faint">–</span> : description}
      </td>
      <td className="extra" title={tags.join('\n')}>
        {tags.length === 0 ? <span className="faint">–</span> : tags.join(', ')}
      </td>
      <td>
        <Ago at={model.updatedAt} />
      </td>
    </tr>
  );
}

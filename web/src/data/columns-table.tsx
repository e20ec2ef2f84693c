import { type ReactNode, useRef, useState } from 'react';
import { type DataColumnView, type DataTableDetails, formatCount } from '../../../src/client/index.ts';
import { Choices } from '../shell/choices.tsx';
import { Card } from '../shell/parts.tsx';
import { SearchField } from '../shell/search-field.tsx';
import { barsOf, formatMissing, formatRoles, formatType, formatValues } from './column-text.ts';
import { Histogram } from './histogram.tsx';
import { useWindow } from './use-window.ts';
import { ScrollArea } from '../shell/scroll-area.tsx';

type Filter = 'all' | 'warnings' | 'unused';

const filters: Readonly<Record<Filter, (column: DataColumnView) => boolean>> = {
  all: () => true,
  warnings: ({ warnings }) => warnings.length > 0,
  unused: ({ roles }) => roles?.length === 0,
};

const titles: Readonly<Record<Filter, string>> = { all: 'All', warnings: 'Warnings', unused: 'Not used' };

/** From so many columns on, a field finds them by name. */
const worthSearching = 15;

/** Every column of a table; of many, only the rows on the screen are rendered. */
export function ColumnsTable({ table }: { readonly table: DataTableDetails }): ReactNode {
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState('');
  const found = table.details.filter(
    (column) => filters[filter](column) && column.name.toLowerCase().includes(search.trim().toLowerCase()),
  );
  const offered = (Object.keys(filters) as readonly Filter[]).filter(
    (each) => each === 'all' || table.details.some(filters[each]),
  );
  return (
    <Card
      title="Columns"
      aside={
        offered.length > 1 && (
          <Choices
            label="Columns to show"
            name="columns"
            value={filter}
            options={offered.map((each) => [
              each,
              `${titles[each]} ${formatCount(table.details.filter(filters[each]).length)}`,
            ])}
            onChoose={setFilter}
          />
        )
      }
    >
      {table.details.length >= worthSearching && (
        <SearchField label="Find a column" value={search} onSearch={setSearch} />
      )}
      {found.length === 0 ? (
        <p className="muted">No column has this name.</p>
      ) : (
        <Rows key={`${filter} ${search}`} columns={found} table={table} />
      )}
    </Card>
  );
}

/** Rows have this height in data.css. */
const rowHeights = { wide: 40, narrow: 104 };

function Rows({
  columns,
  table,
}: {
  readonly columns: readonly DataColumnView[];
  readonly table: DataTableDetails;
}): ReactNode {
  const body = useRef<HTMLTableSectionElement>(null);
  const rowHeight = matchMedia('(max-width: 1000px)').matches ? rowHeights.narrow : rowHeights.wide;
  const { first, end } = useWindow(body, columns.length, rowHeight);
  const hasRoles = table.models.length > 0;
  const hasWarnings = table.details.some(filters.warnings);
  return (
    <ScrollArea label="Columns">
      <table className="columns" aria-rowcount={columns.length + 1}>
        <thead>
          <tr>
            <th scope="col" className="name">
              Name
            </th>
            <th scope="col" className="type">
              Type
            </th>
            {hasRoles && <th scope="col">Role</th>}
            <th scope="col" className="n">
              Missing
            </th>
            <th scope="col" className="n">
              Distinct
            </th>
            <th scope="col" className="drawn">
              Values
            </th>
            <th scope="col" className="values">
              Range or most frequent
            </th>
            {hasWarnings && (
              <th scope="col" className="warnings">
                Warnings
              </th>
            )}
          </tr>
        </thead>
        <tbody ref={body}>
          <Space rows={first} height={rowHeight} />
          {columns.slice(first, end).map((column, index) => (
            <ColumnRow
              key={column.name}
              column={column}
              table={table}
              position={first + index}
              hasWarnings={hasWarnings}
            />
          ))}
          <Space rows={columns.length - end} height={rowHeight} />
        </tbody>
      </table>
    </ScrollArea>
  );
}

/** Takes the place of rows that are not rendered. */
function Space({ rows, height }: { readonly rows: number; readonly height: number }): ReactNode {
  return rows > 0 ? <tr className="space" aria-hidden="true" style={{ height: rows * height }} /> : null;
}

interface ColumnRowProps {
  readonly column: DataColumnView;
  readonly table: DataTableDetails;
  readonly position: number;
  /** Whether any column has one. */
  readonly hasWarnings: boolean;
}

function ColumnRow({ column, table, position, hasWarnings }: ColumnRowProps): ReactNode {
  const { name, title, profile, roles, warnings } = column;
  const rows = table.latest?.rows ?? 0;
  const bars = barsOf(column, rows);
  const values = formatValues(column, rows);
  return (
    <tr aria-rowindex={position + 2}>
      <th scope="row" title={title === null ? name : `${name}: ${title}`}>
        {name}
      </th>
      <td className="type" title={formatType(column)}>
        {formatType(column)}
      </td>
      {roles !== null && (
        <td className={roles.some(({ role }) => role === 'target') ? 'role target' : 'role'}>
          {formatRoles(roles, table.models.length)}
        </td>
      )}
      <td className="n missing" data-label="missing">
        {profile ? formatMissing(profile, rows) : '–'}
      </td>
      <td className="n distinct" data-label="distinct">
        {profile ? formatCount(profile.distinct) : '–'}
      </td>
      <td className="drawn">{bars && <Histogram counts={bars} />}</td>
      <td className="values" title={values}>
        {values}
      </td>
      {hasWarnings && (
        <td className="warnings" title={warnings.join('; ')}>
          {warnings.join('; ')}
        </td>
      )}
    </tr>
  );
}

import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { type DataTableDetails, type DataTableView, formatCount } from '../../../src/client/index.ts';
import { projectQuery, tableQuery, tablesQuery } from '../queries.ts';
import { Page } from '../shell/page.tsx';
import { counted } from '../text/numbers.ts';
import { Ago } from '../text/times.tsx';
import { ColumnsTable } from './columns-table.tsx';
import { LeftOutCard, SetAside } from './left-out.tsx';
import './data.css';

const route = getRouteApi('/projects/$project/data');

/** What the sources of a project read and what its models learn from, a table at a time. */
export function DataPage(): ReactNode {
  const { project: name } = route.useParams();
  const { table: chosen } = route.useSearch();
  const { data: project } = useSuspenseQuery(projectQuery(name));
  const {
    data: { tables },
  } = useSuspenseQuery(tablesQuery(name));
  const id = chosen ?? (tables.find(({ rejected }) => rejected > 0) ?? tables[0])?.id;
  return (
    <Page
      title={`Data of ${project.title}`}
      crumbs={[{ text: project.name, project: project.name }, { text: 'Data' }]}
      simulated={project.simulated}
    >
      <div className="heading">
        <h1>Data</h1>
      </div>
      {id === undefined ? (
        <p className="lead">The project has no source and no model, so it has no data.</p>
      ) : (
        <>
          {tables.length > 1 && <TableLinks project={name} tables={tables} chosen={id} />}
          <Table key={id} project={name} id={id} />
        </>
      )}
    </Page>
  );
}

interface TableLinksProps {
  readonly project: string;
  readonly tables: readonly DataTableView[];
  readonly chosen: string;
}

function TableLinks({ project, tables, chosen }: TableLinksProps): ReactNode {
  return (
    <nav className="tables" aria-label="Tables">
      {tables.map(({ id, name, kind, latest, rejected }) => (
        <Link
          key={id}
          to="/projects/$project/data"
          params={{ project }}
          search={{ table: id }}
          title={name}
          aria-current={id === chosen ? 'page' : undefined}
        >
          <strong>{name}</strong>{' '}
          <span className="faint">
            {kind}
            {latest === null ? ', not written yet' : ''}
          </span>
          {rejected > 0 && <span className="warn-word"> {formatCount(rejected)} set aside</span>}
        </Link>
      ))}
    </nav>
  );
}

function Table({ project, id }: { readonly project: string; readonly id: string }): ReactNode {
  const { data: table } = useSuspenseQuery(tableQuery(project, id));
  return (
    <>
      <Lead table={table} project={project} />
      {table.latest === null ? (
        <section className="card blank">
          <h2>No run has written this table yet</h2>
          <p>
            Its columns are those that the project declares. Missing values, ranges and histograms appear
            after the first run: see{' '}
            <Link to="/projects/$project" params={{ project }}>
              how far the pipeline is
            </Link>
            .
          </p>
        </section>
      ) : (
        <SetAside table={table} />
      )}
      <ColumnsTable table={table} />
      <LeftOutCard table={table} />
    </>
  );
}

interface LeadProps {
  readonly table: DataTableDetails;
  readonly project: string;
}

/** Its size, who learns from it, and when it was written. */
function Lead({ table, project }: LeadProps): ReactNode {
  const { latest, columns, models, details, reading } = table;
  const features = details.filter(({ roles }) => roles?.some(({ role }) => role === 'feature')).length;
  return (
    <p className="lead">
      {latest && (
        <>
          <strong>{counted(latest.rows, 'row')}</strong>,{' '}
        </>
      )}
      {counted(columns, 'column')}
      {models.length > 0 &&
        `, of which ${counted(features, 'is a field', 'are fields')} of the request`}.{' '}
      {models.map(({ name, title }, index) => (
        <Fragment key={name}>
          {index > 0 && (index === models.length - 1 ? ' and ' : ', ')}
          <strong>{title}</strong>
        </Fragment>
      ))}
      {models.length > 0 && (models.length === 1 ? ' learns from it. ' : ' learn from it. ')}
      {latest && (
        <>
          Written by run{' '}
          <Link to="/projects/$project/runs/$run" params={{ project, run: latest.run.id }}>
            {latest.run.name}
          </Link>
          , <Ago at={latest.run.startedAt} />.
        </>
      )}
      {reading && reading.rejected > 0 && (
        <strong className="warn-word"> {counted(reading.rejected, 'row was', 'rows were')} set aside.</strong>
      )}
    </p>
  );
}

import { useSuspenseInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ModelVersionRow } from '../../../src/client/index.ts';
import { columnsOf, type MetricColumn, valueIn } from '../project/metric-columns.ts';
import { Card } from '../shell/parts.tsx';
import { ScrollArea } from '../shell/scroll-area.tsx';
import { metricMeaning } from '../text/metrics.ts';
import { counted, formatAligned } from '../text/numbers.ts';
import { Ago } from '../text/times.tsx';
import { versionsQuery } from './model-queries.ts';

const metricsShown = 3;
const refetchMs = 8000;
/** With more pages than these a person reads old versions, and all pages would be read again. */
const pagesFollowed = 2;

interface VersionsCardProps {
  readonly model: string;
  readonly total: number;
}

/** Every version of a model, the latest first. A column is there if a version has something for it. */
export function VersionsCard({ model, total }: VersionsCardProps): ReactNode {
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useSuspenseInfiniteQuery({
    ...versionsQuery(model),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= pagesFollowed ? refetchMs : false),
  });
  const versions = data.pages.flatMap((page) => page.versions);
  const columns: Columns = {
    metrics: columnsOf(versions.map(({ metrics }) => metrics)).slice(0, metricsShown),
    hasStages: versions.some(({ stage }) => stage !== 'None'),
    hasVerdicts: versions.some(({ verdict }) => verdict !== null),
    hasTags: versions.some(({ tags }) => Object.keys(tags).length > 0),
  };
  return (
    <Card title="Versions" aside={<span className="faint">{counted(total, 'version')}</span>}>
      {versions.length === 0 ? (
        <p className="muted">
          No version is registered yet: log a model with <code>registered_model_name</code>.
        </p>
      ) : (
        <ScrollArea label="Versions">
          <table className="folding model-versions">
            <Head columns={columns} />
            <tbody>
              {versions.map((version) => (
                <Row key={version.version} version={version} columns={columns} />
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
      {hasNextPage && (
        <button
          type="button"
          className="quiet more"
          aria-disabled={isFetchingNextPage}
          onClick={() => !isFetchingNextPage && void fetchNextPage()}
        >
          Show older versions
        </button>
      )}
    </Card>
  );
}

interface Columns {
  readonly metrics: readonly MetricColumn[];
  readonly hasStages: boolean;
  readonly hasVerdicts: boolean;
  readonly hasTags: boolean;
}

function Head({
  columns: { metrics, hasStages, hasVerdicts, hasTags },
}: {
  readonly columns: Columns;
}): ReactNode {
  return (
    <thead>
      <tr>
        <th scope="col">Version</th>
        <th scope="col">Registered</th>
        <th scope="col">By</th>
        <th scope="col">Run</th>
        {hasStages && <th scope="col">Stage</th>}
        {metrics.map(({ name, title }) => (
          <th key={name} scope="col" className="n" title={metricMeaning(name)}>
            {title}
          </th>
        ))}
        {hasVerdicts && <th scope="col">Verdict of the gate</th>}
        {hasTags && <th scope="col">Tags</th>}
        <th scope="col">Description</th>
      </tr>
    </thead>
  );
}

function Row({
  version,
  columns,
}: {
  readonly version: ModelVersionRow;
  readonly columns: Columns;
}): ReactNode {
  const { run, verdict, description } = version;
  const tags = Object.entries(version.tags).map(([key, value]) => (value === '' ? key : `${key}: ${value}`));
  return (
    <tr>
      <th scope="row">
        <Link
          to="/models/$model/versions/$version"
          params={{ model: version.model, version: String(version.version) }}
          search={{}}
        >
          v{version.version}
        </Link>{' '}
        {version.aliases.map((alias) => (
          <span key={alias} className="tag accent" title={`@${alias}`}>
            @{alias}
          </span>
        ))}
      </th>
      <td className="tail">
        <Ago at={version.createdAt} />
      </td>
      <td className="short extra" title={run?.user}>
        {run === null || run.user === '' ? <span className="faint">–</span> : run.user}
      </td>
      <td className="short" title={run?.name}>
        {run === null ? (
          <span className="faint">–</span>
        ) : (
          <Link to="/runs/$run" params={{ run: run.id }}>
            {run.name || run.id}
          </Link>
        )}
      </td>
      {columns.hasStages && (
        <td className={version.stage === 'None' ? 'extra' : undefined}>
          {version.stage === 'None' ? <span className="faint">–</span> : version.stage}
        </td>
      )}
      {columns.metrics.map((column, index) => (
        <td key={column.name} className={index === 0 ? 'n main' : 'n extra'} data-label={column.title}>
          {valueIn(version.metrics, column, formatAligned)}
        </td>
      ))}
      {columns.hasVerdicts && (
        <td className="words">
          {verdict && (
            <>
              <span className={verdict.decision.kind === 'promote' ? 'tag good' : 'tag'}>
                {verdict.decision.kind === 'promote' ? 'promoted' : 'held'}
              </span>{' '}
              {verdict.summary.replace(/^(promoted|held): */, '')}
            </>
          )}
        </td>
      )}
      {columns.hasTags && (
        <td className="short extra" title={tags.join('\n')}>
          {tags.join(', ')}
        </td>
      )}
      <td className="short extra" title={description}>
        {description}
      </td>
    </tr>
  );
}

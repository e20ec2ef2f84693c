import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { changesOfTestData, type ModelView, type VersionView } from '../../../src/client/index.ts';
import { Card, useLimit } from '../shell/parts.tsx';
import { counted, formatAligned } from '../text/numbers.ts';
import { metricMeaning } from '../text/metrics.ts';
import { Ago } from '../text/times.tsx';
import { columnsOf, type MetricColumn, valueIn } from './metric-columns.ts';
import { OtherTestRows } from './other-test-rows.tsx';
import { ScrollArea } from '../shell/scroll-area.tsx';

const shownFirst = 5;
/** Version, made, verdict. */
const otherColumns = 3;

/** Every version with its verdict, held ones too. */
export function VersionsTable({
  model,
  project,
}: {
  readonly model: ModelView;
  readonly project: string;
}): ReactNode {
  const [limit, more] = useLimit(model.versions.length, shownFirst);
  const versions = model.versions.slice(0, limit);
  const changed = changesOfTestData(versions);
  const columns = columnsOf(versions.map(({ metrics }) => metrics)).slice(0, 3);
  return (
    <Card title="Versions" aside={<span className="faint">{counted(model.versionCount, 'version')}</span>}>
      <ScrollArea label="Versions">
        <table className="versions folding">
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Made</th>
              {columns.map((column) => (
                <th key={column.name} scope="col" className="n" title={metricMeaning(column.name)}>
                  {column.title}
                </th>
              ))}
              <th scope="col">Verdict of the gate</th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => (
              <Fragment key={version.version}>
                {changed.has(version) && (
                  <OtherTestRows what="versions" columns={columns.length + otherColumns} />
                )}
                <VersionRow version={version} project={project} columns={columns} />
              </Fragment>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      {more}
    </Card>
  );
}

interface VersionRowProps {
  readonly version: VersionView;
  readonly project: string;
  readonly columns: readonly MetricColumn[];
}

function VersionRow({ version, project, columns }: VersionRowProps): ReactNode {
  return (
    <tr>
      <th scope="row">
        v{version.version}
        {version.aliases.map((alias) => (
          <span key={alias} className="tag accent">
            @{alias}
          </span>
        ))}
      </th>
      <td className="tail">
        <Link
          to="/projects/$project/runs/$run"
          params={{ project, run: version.runId }}
          title={`by ${version.runName}`}
        >
          <Ago at={version.createdAt} />
        </Link>
      </td>
      {columns.map((column, index) => (
        <td key={column.name} className={index === 0 ? 'n main' : 'n extra'} data-label={column.title}>
          {valueIn(version.metrics, column, formatAligned)}
        </td>
      ))}
      <td className="words">
        <Judged version={version} />
      </td>
    </tr>
  );
}

function Judged({ version }: { readonly version: VersionView }): ReactNode {
  const { verdict } = version;
  if (!verdict) return <span className="faint">not judged yet</span>;
  const promoted = verdict.decision.kind === 'promote';
  const [head, ...rest] = verdict.summary.split(':');
  const reason = rest.join(':').trim();
  return (
    <>
      <span className={promoted ? 'tag good' : 'tag'}>{promoted ? 'promoted' : 'held'}</span>{' '}
      {reason === '' ? head : reason}
    </>
  );
}

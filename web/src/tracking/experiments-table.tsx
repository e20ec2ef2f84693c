import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type ExperimentRow, formatCount } from '../../../src/client/index.ts';
import { Card } from '../shell/parts.tsx';
import { counted } from '../text/numbers.ts';
import { Ago } from '../text/times.tsx';
import { RunStatusText } from './run-status.tsx';
import { ScrollArea } from '../shell/scroll-area.tsx';
import './tracking.css';

const daysOfWeek = 7;

/** Experiments with what happened in them, those with the latest runs first; empty ones are only counted. */
export function ExperimentsTable({
  experiments,
}: {
  readonly experiments: readonly ExperimentRow[];
}): ReactNode {
  const used = experiments
    .filter(({ runs }) => runs > 0)
    .toSorted((a, b) => (b.last?.startedAt ?? 0) - (a.last?.startedAt ?? 0));
  const empty = experiments.length - used.length;
  return (
    <Card
      title="Experiments"
      aside={
        <>
          {empty > 0 && <span className="faint">{counted(empty, 'empty one')} left out</span>}{' '}
          <Link to="/runs" search={{}}>
            All runs
          </Link>
        </>
      }
    >
      <ScrollArea label="Experiments">
        <table className="experiments folding">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Last run</th>
              <th scope="col">Started</th>
              <th scope="col" className="n">
                Runs
              </th>
              <th scope="col" className="n">
                Failed, 7 days
              </th>
              <th scope="col">Last 14 days</th>
            </tr>
          </thead>
          <tbody>
            {used.map((experiment) => (
              <Row key={experiment.id} experiment={experiment} />
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </Card>
  );
}

function Row({ experiment }: { readonly experiment: ExperimentRow }): ReactNode {
  const { id, name, isProject, last, runs, running, failed, started } = experiment;
  const failedLately = failed.slice(-daysOfWeek).reduce((sum, count) => sum + count, 0);
  return (
    <tr>
      <th scope="row">
        <Link to="/experiments/$experiment" params={{ experiment: id }} search={{}}>
          {name}
        </Link>
        {isProject && (
          <>
            {' '}
            <span className="tag">project</span>
          </>
        )}
      </th>
      <td className="tail">
        {running > 1 ? <span className="run-status running">● {running} running</span> : null}
        {running <= 1 && last && <RunStatusText run={last} />}
      </td>
      <td>{last && <Ago at={last.startedAt} />}</td>
      <td className="n main" data-label="Runs">
        {formatCount(runs)}
      </td>
      <td className={failedLately > 0 ? 'n extra bad-word' : 'n extra'}>{formatCount(failedLately)}</td>
      <td className="extra">
        <Days counts={started} />
      </td>
    </tr>
  );
}

const barWidth = 7;
const barHeight = 20;

/** How many runs started on each day, as bars. */
function Days({ counts }: { readonly counts: readonly number[] }): ReactNode {
  const most = Math.max(1, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return (
    <svg
      className="days"
      width={counts.length * barWidth}
      height={barHeight}
      role="img"
      aria-label={`${counted(total, 'run')} in ${counts.length} days, ${counts.at(-1) ?? 0} in the last one`}
    >
      {counts.map((count, index) => {
        const height = count === 0 ? 1 : Math.max(3, (count / most) * barHeight);
        return (
          <rect
            // Bars have no other identity than their day.
            key={`day ${index - counts.length}`}
            x={index * barWidth}
            y={barHeight - height}
            width={barWidth - 2}
            height={height}
            rx={1}
          />
        );
      })}
    </svg>
  );
}

import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import {
  formatNumber,
  type ModelView,
  type ProjectView,
  type RunRow,
  uncapitalized,
} from '../../../src/client/index.ts';
import { runsQuery } from '../queries.ts';
import { withUnit } from '../text/numbers.ts';
import { Ago, For } from '../text/times.tsx';
import { heldFirst } from './held-first.tsx';
import { formatProgress } from './format-task.ts';

/** The state of the project, in a sentence or two. */
export function Lead({ project }: { readonly project: ProjectView }): ReactNode {
  const { data } = useInfiniteQuery(runsQuery(project.name));
  const runs = data?.pages[0]?.runs;
  const live = project.models.filter((model) => model.live !== null);
  const lastEnded = runs?.find(({ status }) => status !== 'RUNNING');
  return (
    <p className="lead">
      {live.map((model) => (
        <LiveSummary key={model.name} model={model} alone={project.models.length === 1} />
      ))}
      {live.length === 0 && (
        <NothingLive project={project} ranBefore={runs !== undefined && runs.length > 0} />
      )}
      {project.simulated.length > 0 && live.length > 0 && (
        <>
          Its data is <strong className="simulated-word">simulated</strong>, generated for a first look.{' '}
        </>
      )}
      {project.activeRun ? (
        <RunningSummary project={project} run={project.activeRun} />
      ) : (
        <LastRunSummary run={lastEnded} live={live.length > 0} />
      )}
    </p>
  );
}

function LiveSummary({ model, alone }: { readonly model: ModelView; readonly alone: boolean }): ReactNode {
  const { live } = model;
  if (!live) return null;
  const since = model.history.find(({ to }) => to === live.version)?.movedAt ?? live.createdAt;
  const error = live.metrics.find(({ name }) => name === 'mae') ?? live.metrics[0];
  return (
    <>
      <strong>
        {alone ? '' : `${model.title}: `}Version {live.version}
      </strong>{' '}
      has been live for <For since={since} />
      {error?.name === 'mae' && (
        <>
          {' '}
          and is off by <strong>{withUnit(error.value, error.unit)}</strong> on average
        </>
      )}
      {error !== undefined && error.name !== 'mae' && (
        <>
          {' '}
          with {uncapitalized(error.title)} <strong>{formatNumber(error.value)}</strong>
        </>
      )}
      .{' '}
    </>
  );
}

function NothingLive({
  project,
  ranBefore,
}: {
  readonly project: ProjectView;
  readonly ranBefore: boolean;
}): ReactNode {
  const rules = project.models.map(({ rule }) => rule);
  const isHeld = project.models.some((model) => heldFirst(model) !== undefined);
  return (
    <>
      <strong>{ranBefore || project.activeRun ? 'No version is live yet.' : 'Nothing has run yet.'}</strong>{' '}
      {!ranBefore &&
        !project.activeRun &&
        'The first run fetches the data, trains and tests a model, and puts it live if it is good enough. '}
      {rules.length === 1 && rules[0] !== '' && !isHeld && `A version goes live when ${rules[0]}. `}
    </>
  );
}

function RunningSummary({
  project,
  run,
}: {
  readonly project: ProjectView;
  readonly run: RunRow;
}): ReactNode {
  const running = project.tasks.filter(({ status }) => status === 'running');
  const first = running[0];
  return (
    <>
      A run started <Ago at={run.startedAt} />
      {first && (
        <>
          {' '}
          and is at <strong>{first.label}</strong>
          {first.progress && `, ${formatProgress(first.progress)}`}
        </>
      )}
      .
    </>
  );
}

function LastRunSummary({
  run,
  live,
}: {
  readonly run: RunRow | undefined;
  readonly live: boolean;
}): ReactNode {
  if (!run) return null;
  if (run.failed) {
    return (
      <>
        The last run <strong className="bad-word">failed at {run.failed.task}</strong>{' '}
        <Ago at={run.startedAt} />
        {live && '; the live version keeps serving'}.
      </>
    );
  }
  const held = run.models.find(({ verdict }) => verdict?.decision.kind === 'hold');
  return (
    <>
      The last run was <Ago at={run.startedAt} />
      {held && held.version !== null && `; its version ${held.version} was held back`}.
    </>
  );
}

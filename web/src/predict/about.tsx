import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatNumber, type EndpointView, uncapitalized } from '../../../src/client/index.ts';
import { HeldFirst, heldFirst } from '../project/held-first.tsx';
import { projectQuery } from '../queries.ts';
import { counted, withUnit } from '../text/numbers.ts';
import { For } from '../text/times.tsx';

/** The live version, its error and its training data, in two sentences. */
export function About({ endpoint }: { readonly endpoint: EndpointView }): ReactNode {
  const { version, promotedAt, metrics, trainedOn, description } = endpoint;
  const error = metrics.find(({ name }) => name === 'mae') ?? metrics[0];
  return (
    <p className="lead">
      {description !== null && `${description} `}
      <strong>Version {version}</strong>
      {promotedAt !== null && (
        <>
          , live for <For since={promotedAt} />,
        </>
      )}{' '}
      {error?.name === 'mae' && (
        <>
          is off by <strong>{withUnit(error.value, error.unit)}</strong> on average.
        </>
      )}
      {error !== undefined && error.name !== 'mae' && (
        <>
          has {uncapitalized(error.title)} <strong>{formatNumber(error.value)}</strong>.
        </>
      )}
      {error === undefined && 'serves here.'}
      {trainedOn && ` It learned from ${formatTrainedOn(trainedOn)}.`}
    </p>
  );
}

function formatTrainedOn({ rows, from, to }: NonNullable<EndpointView['trainedOn']>): string {
  const period = from !== null && to !== null ? `, ${dayOf(from)} to ${dayOf(to)}` : '';
  return counted(rows, 'row') + period;
}

function dayOf(text: string): string {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) return text;
  return at.toLocaleDateString('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
}

export function NoneLive({ endpoint }: { readonly endpoint: EndpointView }): ReactNode {
  const { data: project } = useSuspenseQuery(projectQuery(endpoint.project));
  const model = project.models.find(({ name }) => name === endpoint.model);
  const held = model && heldFirst(model);
  if (held)
    return (
      <section className="card blank">
        <h2>No version is live: version {held.version} is held</h2>
        <p>
          <HeldFirst held={held} />
        </p>
        <p>
          <Link to="/projects/$project" params={{ project: endpoint.project }}>
            See all versions
          </Link>
        </p>
      </section>
    );
  return (
    <section className="card blank">
      <h2>No version is live yet</h2>
      <p>
        Once a version passes the gate, it serves here as @{endpoint.alias}. See{' '}
        <Link to="/projects/$project" params={{ project: endpoint.project }}>
          how far the pipeline is
        </Link>
        .
      </p>
    </section>
  );
}

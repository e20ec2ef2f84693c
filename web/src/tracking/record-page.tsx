import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RunRecord } from '../../../src/client/index.ts';
import { recordQuery } from '../queries.ts';
import { Page } from '../shell/page.tsx';
import { Card, Digest, useLimit } from '../shell/parts.tsx';
import { counted } from '../text/numbers.ts';
import { Ago } from '../text/times.tsx';
import { Entries } from './entries.tsx';
import { RecordArtifacts } from './record-artifacts.tsx';
import { RecordCharts } from './record-charts.tsx';
import { RunStatusText } from './run-status.tsx';
import { MetricValue } from './run-value.tsx';
import '../run/run.css';
import './tracking.css';

const route = getRouteApi('/runs/$run');
const refetchMs = 2000;
const figures = 8;

/** A run of a pipeline or of an MLflow client, and everything that it logged. */
export function RecordPage(): ReactNode {
  const { run: id } = route.useParams();
  const { data: loaded } = useSuspenseQuery(recordQuery(id));
  const { data: run = loaded } = useQuery({
    ...recordQuery(id),
    refetchInterval: ({ state }) => (state.data?.status === 'RUNNING' ? refetchMs : false),
  });
  const { experiment } = run;
  return (
    <Page
      title={run.name}
      crumbs={[{ text: experiment.name, experiment: experiment.id }, { text: run.name || run.id }]}
    >
      <div className="heading">
        <h1>{run.name || run.id}</h1>
        {run.lifecycle === 'deleted' && <span className="tag warn">deleted</span>}
      </div>
      <Lead run={run} />
      <Figures metrics={run.metrics} />
      <RecordCharts run={run} />
      <div className="run-grid">
        <div className="run-main">
          <RecordArtifacts run={run.id} />
          <Entries title="Params" entries={run.params} />
        </div>
        <div className="run-side">
          <Entries title="Tags" entries={userTags(run.tags)} />
          <Registered run={run} />
          <Datasets run={run} />
          <Card title="Identity">
            <dl className="facts">
              <dt>Run id</dt>
              <dd>
                <Digest of={run.id} what="the run id" />
              </dd>
              <dt>Artifacts</dt>
              <dd>
                <code>{run.artifactUri}</code>
              </dd>
            </dl>
          </Card>
        </div>
      </div>
    </Page>
  );
}

function Lead({ run }: { readonly run: RunRecord }): ReactNode {
  return (
    <p className="lead">
      <RunStatusText run={run} />, started <Ago at={run.startedAt} />
      {run.user !== '' && ` by ${run.user}`}
      {run.parent && (
        <>
          , nested in{' '}
          <Link to="/runs/$run" params={{ run: run.parent.id }}>
            {run.parent.name}
          </Link>
        </>
      )}
      {run.children > 0 && (
        <>
          , with{' '}
          <Link
            to="/experiments/$experiment"
            params={{ experiment: run.experiment.id }}
            search={{ filter: `tags.\`mlflow.parentRunId\` = '${run.id}'` }}
          >
            {counted(run.children, 'nested run')}
          </Link>
        </>
      )}
      .
      {run.project !== null && (
        <>
          {' '}
          It belongs to the project{' '}
          <Link to="/projects/$project" params={{ project: run.project }}>
            {run.project}
          </Link>
          .
        </>
      )}
    </p>
  );
}

function Figures({ metrics }: Pick<RunRecord, 'metrics'>): ReactNode {
  const entries = Object.entries(metrics).filter(([name]) => !name.startsWith('system/'));
  const [limit, more] = useLimit(entries.length, figures);
  if (entries.length === 0) return null;
  return (
    <section aria-label="Metrics">
      <dl className="figures">
        {entries.slice(0, limit).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <MetricValue value={value} />
            </dd>
          </div>
        ))}
      </dl>
      {more}
    </section>
  );
}

/** The versions of models that came from the run. */
function Registered({ run: { registered } }: { readonly run: RunRecord }): ReactNode {
  if (registered.length === 0) return null;
  return (
    <Card title="Registered models">
      <ul className="datasets">
        {registered.map(({ model, version }) => (
          <li key={`${model} ${version}`}>
            <Link
              to="/models/$model/versions/$version"
              params={{ model, version: String(version) }}
              search={{}}
            >
              {model}, version {version}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Datasets({ run }: { readonly run: RunRecord }): ReactNode {
  if (run.datasets.length === 0) return null;
  return (
    <Card title="Datasets">
      <ul className="datasets">
        {run.datasets.map(({ name, digest, context }) => (
          <li key={`${name} ${digest} ${context}`}>
            <strong>{name}</strong> {context !== '' && <span className="tag">{context}</span>}{' '}
            <Digest of={digest} what={`the digest of ${name}`} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Without the tags in which clients keep what the page tells elsewhere. */
function userTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const elsewhere = new Set([
    'mlflow.runName',
    'mlflow.parentRunId',
    'mlflow.user',
    'mlflow.log-model.history',
  ]);
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !elsewhere.has(key)));
}

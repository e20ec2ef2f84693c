import { useQuery, useSuspenseInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ModelVersionView, RegisteredModelView, RunRecord } from '../../../src/client/index.ts';
import { recordQuery } from '../queries.ts';
import { VerdictCard } from '../run/verdict-card.tsx';
import { Page } from '../shell/page.tsx';
import { Card, Copy, Digest, useLimit } from '../shell/parts.tsx';
import { useMay } from '../shell/use-may.ts';
import { Ago } from '../text/times.tsx';
import { Entries } from '../tracking/entries.tsx';
import { MetricValue } from '../tracking/run-value.tsx';
import { AliasDialogs, closedDialogs } from './alias-dialogs.tsx';
import { modelQuery, versionQuery, versionsQuery } from './model-queries.ts';
import type { VersionSearch } from './models-search.ts';
import { SignatureCard } from './signature-card.tsx';
import { VersionDiff } from './version-diff.tsx';
import '../run/run.css';
import '../tracking/tracking.css';
import './models.css';

const route = getRouteApi('/models/$model/versions/$version');
const figures = 8;
const verdictsAtFirst = 1;

/** A version of a registered model: what it takes, where it comes from, and what changed. */
export function VersionPage(): ReactNode {
  const { model: name, version: number } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: model } = useSuspenseQuery(modelQuery(name));
  const { data: version } = useSuspenseQuery(versionQuery(name, Number(number)));
  const { data: run } = useQuery({
    ...recordQuery(version.run?.id ?? ''),
    enabled: version.run !== null,
  });
  const against = useAgainst(model, version, search);
  const change = (next: VersionSearch): void =>
    void navigate({ search: (before) => ({ ...before, ...next }) });
  const title = `${name}, version ${version.version}`;
  return (
    <Page
      title={title}
      crumbs={[
        { text: 'Models', models: true },
        { text: name, model: name },
        { text: `v${version.version}` },
      ]}
    >
      <div className="heading">
        <h1>{title}</h1>
        {version.aliases.map((alias) => (
          <span key={alias} className="tag accent">
            @{alias}
          </span>
        ))}
        {version.stage !== 'None' && <span className="tag">{version.stage}</span>}
        <Promote version={version} onSearch={change} />
      </div>
      <Lead version={version} served={model.served} />
      {version.description !== '' && <p className="model-description">{version.description}</p>}
      <Figures version={version} run={run} />
      <div className="run-grid">
        <div className="run-main">
          <VersionDiff version={version} against={against} onAgainst={(next) => change({ against: next })} />
          <SignatureCard
            signature={version.signature}
            isHere={version.storage.startsWith('mlflow-artifacts:')}
          />
          <Entries title="Params" entries={run?.params ?? {}} />
        </div>
        <div className="run-side">
          <Verdicts version={version} />
          <Origin version={version} run={run} />
          <Entries title="Tags" entries={version.tags} />
          <Load version={version} />
        </div>
      </div>
      <AliasDialogs model={model} search={search} onClose={() => change(closedDialogs)} />
    </Page>
  );
}

/** The version of the address, else the one that is served, else the one before. */
function useAgainst(
  { served }: RegisteredModelView,
  { model, version }: ModelVersionView,
  { against }: VersionSearch,
): number | undefined {
  const { data } = useSuspenseInfiniteQuery(versionsQuery(model));
  const asked = Number(against);
  if (Number.isSafeInteger(asked) && asked > 0 && asked !== version) return asked;
  if (served?.version !== null && served?.version !== undefined && served.version !== version)
    return served.version;
  const numbers = data.pages.flatMap((page) => page.versions.map((each) => each.version));
  return numbers.find((each) => each < version) ?? numbers.find((each) => each !== version);
}

interface PromoteProps {
  readonly version: ModelVersionView;
  readonly onSearch: (change: VersionSearch) => void;
}

function Promote({ version: { version }, onSearch }: PromoteProps): ReactNode {
  const may = useMay('deploy');
  if (!may) return null;
  return (
    <div className="actions">
      <button type="button" className="primary" onClick={() => onSearch({ promote: String(version) })}>
        Promote v{version}
      </button>
    </div>
  );
}

interface LeadProps {
  readonly version: ModelVersionView;
  readonly served: RegisteredModelView['served'];
}

function Lead({ version: { version, run, createdAt }, served }: LeadProps): ReactNode {
  return (
    <p className="lead">
      {served?.version === version && (
        <>
          <strong>It is served</strong> at <code>/predict/{served.endpoint}</code>.{' '}
        </>
      )}
      Registered <Ago at={createdAt} />
      {run && run.user !== '' && ` by ${run.user}`}
      {run && (
        <>
          {' '}
          from the run{' '}
          <Link to="/runs/$run" params={{ run: run.id }}>
            {run.name || run.id}
          </Link>
          {run.deleted && ', which is deleted'}
        </>
      )}
      .
    </p>
  );
}

interface OfVersionProps {
  readonly version: ModelVersionView;
  readonly run: RunRecord | undefined;
}

/** What was measured on test rows, else what the run logged. */
function Figures({ version, run }: OfVersionProps): ReactNode {
  const measured = version.metrics.map(
    ({ title, unit, value }) => [unit === null ? title : `${title}, ${unit}`, value] as const,
  );
  const logged = Object.entries(run?.metrics ?? {}).filter(([name]) => !name.startsWith('system/'));
  const entries = measured.length > 0 ? measured : logged;
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

function Verdicts({ version: { verdicts } }: { readonly version: ModelVersionView }): ReactNode {
  const [limit, more] = useLimit(verdicts.length, verdictsAtFirst);
  return (
    <>
      {verdicts.slice(0, limit).map((verdict) => (
        <VerdictCard key={verdict.id} verdict={verdict} isOnly />
      ))}
      {more}
    </>
  );
}

/** Data, run and files, in the order in which the version came to be. */
function Origin({ version, run }: OfVersionProps): ReactNode {
  const { runId, source, storage, runLink, loggedModelId } = version;
  return (
    <Card title="Where it comes from">
      <dl className="facts">
        {(run?.datasets ?? []).map(({ name, digest, context }) => (
          <div key={`${name} ${digest} ${context}`}>
            <dt>{context === '' ? 'Dataset' : `Data, ${context}`}</dt>
            <dd>
              {name} <Digest of={digest} what={`the digest of ${name}`} />
            </dd>
          </div>
        ))}
        {runId !== null && (
          <div>
            <dt>Run</dt>
            <dd>
              {version.run ? (
                <Link to="/runs/$run" params={{ run: runId }}>
                  {version.run.name || runId}
                </Link>
              ) : (
                <>
                  <code>{runId}</code> <span className="faint">is not on this server</span>
                </>
              )}
            </dd>
          </div>
        )}
        {runLink !== '' && (
          <div>
            <dt>Run link</dt>
            <dd>
              <code>{runLink}</code>
            </dd>
          </div>
        )}
        {loggedModelId !== null && (
          <div>
            <dt>Logged model</dt>
            <dd>
              <code>{loggedModelId}</code>
            </dd>
          </div>
        )}
        <div>
          <dt>Source</dt>
          <dd>
            <code>{source}</code>
          </dd>
        </div>
        {storage !== source && (
          <div>
            <dt>Files</dt>
            <dd>
              <code>{storage}</code>
            </dd>
          </div>
        )}
      </dl>
    </Card>
  );
}

function Load({ version: { model, version } }: { readonly version: ModelVersionView }): ReactNode {
  const line = `mlflow.pyfunc.load_model(${JSON.stringify(`models:/${model}/${version}`)})`;
  return (
    <Card title="Load it" aside={<Copy text={line} what="the line that loads it" />}>
      <pre className="load-line">
        <code>{line}</code>
      </pre>
    </Card>
  );
}

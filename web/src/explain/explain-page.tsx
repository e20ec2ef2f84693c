import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ExplainView } from '../../../src/client/index.ts';
import { textOf } from '../form/fields.ts';
import { explainQuery } from '../queries.ts';
import { Page } from '../shell/page.tsx';
import { Copy, Digest } from '../shell/parts.tsx';
import { counted } from '../text/numbers.ts';
import { formatCertainty, formatPrediction } from '../text/prediction.ts';
import { Ago } from '../text/times.tsx';
import { formatJson, LookedUp } from './looked-up.tsx';
import { RawFiles } from './raw-files.tsx';
import { Steps } from './steps.tsx';
import './explain.css';

const route = getRouteApi('/predictions/$prediction');

/** The trace of a prediction back to its raw files. */
export function ExplainPage(): ReactNode {
  const { prediction: id } = route.useParams();
  const { data: explained } = useSuspenseQuery(explainQuery(id));
  const { prediction, run, rawFiles } = explained;
  const simulated = [...new Set(rawFiles.filter((file) => file.simulated).map(({ source }) => source))];
  return (
    <Page
      title={`Where ${formatPrediction(prediction)} came from`}
      crumbs={[{ text: run.project, project: run.project }, { text: 'Trace' }]}
      simulated={simulated}
    >
      <h1>Where {formatPrediction(prediction)} came from</h1>
      <Lead explained={explained} simulated={simulated.length > 0} />
      <ol className="chain">
        <Asked explained={explained} />
        <Version explained={explained} />
        <Steps tasks={explained.tasks} />
        <RawFiles files={rawFiles} />
      </ol>
    </Page>
  );
}

function Lead({
  explained,
  simulated,
}: {
  readonly explained: ExplainView;
  readonly simulated: boolean;
}): ReactNode {
  const { prediction, version, rawFiles } = explained;
  return (
    <p className="lead">
      <strong>Version {version.version}</strong> of {version.model} predicted this <Ago at={prediction.at} />.
      It was trained <Ago at={version.createdAt} /> from {counted(rawFiles.length, `raw file`)}
      {simulated && (
        <>
          , <strong className="simulated-word">simulated</strong>
        </>
      )}
      . Each step below has a digest, so that anyone can check it.
    </p>
  );
}

function Asked({ explained }: { readonly explained: ExplainView }): ReactNode {
  const { prediction } = explained;
  const { endpoint, request } = prediction;
  const certainty = formatCertainty(prediction);
  const search = Object.fromEntries(
    Object.entries(request)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, textOf(value)]),
  );
  return (
    <li>
      <div className="card">
        <header>
          <h2>The prediction</h2>
          <Link className="aside" to="/apps/$endpoint" params={{ endpoint }} search={search}>
            Predict again
          </Link>
        </header>
        <p className="big">
          {formatPrediction(prediction)}
          {certainty !== undefined && <small> {certainty}</small>}
        </p>
        <dl className="given-values">
          {prediction.given.map(({ name, title, unit, form, value }) => (
            <div key={name}>
              <dt title={name}>{title}</dt>
              <dd title={textOf(value)}>
                {formatJson(value, form)}
                {unit !== null && value !== null && ` ${unit}`}
              </dd>
            </div>
          ))}
        </dl>
        <LookedUp lookups={prediction.lookups ?? []} />
        <p className="faint id">
          <code>{prediction.predictionId}</code>{' '}
          <Copy text={prediction.predictionId} what="the prediction's id" />
        </p>
      </div>
    </li>
  );
}

function Version({ explained }: { readonly explained: ExplainView }): ReactNode {
  const { version, run } = explained;
  return (
    <li>
      <div className="card">
        <header>
          <h2>
            {version.model} v{version.version}
          </h2>
          <span className="aside tags">
            {version.aliases.map((alias) => (
              <span key={alias} className="tag accent">
                @{alias}
              </span>
            ))}
          </span>
        </header>
        <p className="muted">
          Made by run{' '}
          <Link to="/projects/$project/runs/$run" params={{ project: run.project, run: run.id }}>
            {run.name}
          </Link>{' '}
          <Ago at={version.createdAt} />
          {version.verdict && <>, and {version.verdict.summary}</>}.
        </p>
        <p className="faint">
          Model folder <Digest of={version.folder} what="the digest of the model folder" />
        </p>
      </div>
    </li>
  );
}

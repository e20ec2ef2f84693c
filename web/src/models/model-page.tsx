import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RegisteredModelView } from '../../../src/client/index.ts';
import { Page } from '../shell/page.tsx';
import { Card, ErrorNote } from '../shell/parts.tsx';
import { useMay } from '../shell/use-may.ts';
import { Entries } from '../tracking/entries.tsx';
import { counted } from '../text/numbers.ts';
import { Ago, For } from '../text/times.tsx';
import { AliasDialogs, closedDialogs } from './alias-dialogs.tsx';
import { AliasTags } from './alias-tags.tsx';
import { AliasesCard } from './aliases-card.tsx';
import { modelQuery } from './model-queries.ts';
import type { AliasSearch } from './models-search.ts';
import { VersionsCard } from './versions-card.tsx';
import '../run/run.css';
import '../tracking/tracking.css';
import './models.css';

const route = getRouteApi('/models/$model');
const refetchMs = 8000;

/** A registered model: its versions, aliases and where it is served. */
export function ModelPage(): ReactNode {
  const { model: name } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: loaded } = useSuspenseQuery(modelQuery(name));
  const { data: model = loaded } = useQuery({ ...modelQuery(name), refetchInterval: refetchMs });
  const change = (next: AliasSearch): void => void navigate({ search: (before) => ({ ...before, ...next }) });
  return (
    <Page title={name} crumbs={[{ text: 'Models', models: true }, { text: name }]}>
      <div className="heading">
        <h1>{name}</h1>
        <AliasTags aliases={model.aliases} />
        <Actions model={model} onSearch={change} />
      </div>
      <Lead model={model} />
      {model.description !== '' && <p className="model-description">{model.description}</p>}
      <VersionsCard model={name} total={model.versionCount} />
      <div className="run-grid">
        <div className="run-main">
          <AliasesCard model={model} search={search} onSearch={change} />
        </div>
        <div className="run-side">
          <Served model={model} />
          <Entries title="Tags" entries={model.tags} />
        </div>
      </div>
      <AliasDialogs model={model} search={search} onClose={() => change(closedDialogs)} />
    </Page>
  );
}

interface ActionsProps {
  readonly model: RegisteredModelView;
  readonly onSearch: (change: AliasSearch) => void;
}

/** What is done most: the newest version goes live, and the live one goes back. */
function Actions({ model, onSearch }: ActionsProps): ReactNode {
  const may = useMay('deploy');
  const { latestVersion } = model;
  const [only, another] = model.aliasList.filter(({ previous }) => previous !== null);
  const usual =
    model.aliasList.find(({ alias }) => alias === model.served?.alias) ?? (another ? undefined : only);
  if (!may || latestVersion === null) return null;
  return (
    <div className="actions">
      {usual && usual.previous !== null && (
        <button type="button" onClick={() => onSearch({ rollback: usual.alias })}>
          Roll back
        </button>
      )}
      <button type="button" className="primary" onClick={() => onSearch({ promote: String(latestVersion) })}>
        Promote v{latestVersion}
      </button>
    </div>
  );
}

/** 'Version 3 is served, and has been for 9 days. 4 versions, the last of them registered…' */
function Lead({
  model: { served, aliasList, versionCount, updatedAt },
}: {
  readonly model: RegisteredModelView;
}): ReactNode {
  const followed = aliasList.find(({ alias }) => alias === served?.alias);
  return (
    <p className="lead">
      {served && served.version !== null && (
        <>
          <strong>Version {served.version}</strong> is served
          {followed?.version === served.version && followed.moved && (
            <>
              , for <For since={followed.moved.at} />
            </>
          )}
          .{' '}
        </>
      )}
      {served?.version === null && (
        <>
          <strong className="bad-word">No version is served.</strong>{' '}
        </>
      )}
      {counted(versionCount, 'version')}, last changed <Ago at={updatedAt} />.
    </p>
  );
}

function Served({ model: { name, served } }: { readonly model: RegisteredModelView }): ReactNode {
  if (!served)
    return (
      <Card title="Where it is served">
        <p className="muted">
          No project of this server serves it. Clients load it as <code>models:/{name}/1</code>, or by an
          alias.
        </p>
      </Card>
    );
  return (
    <Card title="Where it is served">
      <p>
        <Link to="/apps/$endpoint" params={{ endpoint: served.endpoint }}>
          <code>/predict/{served.endpoint}</code>
        </Link>{' '}
        follows @{served.alias}
        {served.version === null ? ' and serves no version.' : ` and serves version ${served.version}.`}
      </p>
      <p className="muted">
        It belongs to the project{' '}
        <Link to="/projects/$project" params={{ project: served.project }}>
          {served.project}
        </Link>
        .
      </p>
      {served.problem && (
        <ErrorNote error={served.problem} title="The version under the alias is not served." />
      )}
    </Card>
  );
}

import { useQuery, useSuspenseInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { formatCount, type ModelVersionView, type RunRecord } from '../../../src/client/index.ts';
import { recordQuery } from '../queries.ts';
import { asErrorBody } from '../shell/error-body.ts';
import { Card, ErrorNote, useLimit } from '../shell/parts.tsx';
import { ScrollArea } from '../shell/scroll-area.tsx';
import { MetricValue, RunValue } from '../tracking/run-value.tsx';
import { versionQuery, versionsQuery } from './model-queries.ts';
import { diffOf, type DiffSection } from './diff.ts';

interface VersionDiffProps {
  readonly version: ModelVersionView;
  /** The version that it is compared with. */
  readonly against: number | undefined;
  readonly onAgainst: (version: string) => void;
}

/** What changed from another version to this one: only what differs. */
export function VersionDiff({ version, against, onAgainst }: VersionDiffProps): ReactNode {
  const { data } = useSuspenseInfiniteQuery(versionsQuery(version.model));
  const others = data.pages
    .flatMap((page) => page.versions.map((each) => each.version))
    .filter((each) => each !== version.version);
  if (against === undefined) return null;
  const options = others.includes(against) ? others : [against, ...others];
  return (
    <Card
      title="What changed"
      aside={
        <label className="against">
          since{' '}
          <select value={against} onChange={({ target }) => onAgainst(target.value)}>
            {options.map((each) => (
              <option key={each} value={each}>
                version {each}
              </option>
            ))}
          </select>
        </label>
      }
    >
      <Differences version={version} against={against} />
    </Card>
  );
}

function Differences({
  version,
  against,
}: {
  readonly version: ModelVersionView;
  readonly against: number;
}): ReactNode {
  const { data: other, error } = useQuery(versionQuery(version.model, against));
  const run = useRecord(version);
  const otherRun = useRecord(other);
  const failed = error ?? run.error ?? otherRun.error;
  if (failed) return <ErrorNote error={asErrorBody(failed)} />;
  if (!other || run.isLoading || otherRun.isLoading) return <output className="faint">Loading…</output>;
  const sections = diffOf({ version: other, run: otherRun.data }, { version, run: run.data });
  const changed = sections.filter(({ differences }) => differences.length > 0);
  if (changed.length === 0)
    return (
      <p className="muted">
        Nothing that was logged differs from <VersionLink version={other} />.
      </p>
    );
  return (
    <ScrollArea label="What changed">
      <table className="diff">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">
              <VersionLink version={other} />
            </th>
            <th scope="col">v{version.version}</th>
          </tr>
        </thead>
        {changed.map((section) => (
          <Section key={section.title} section={section} />
        ))}
      </table>
    </ScrollArea>
  );
}

/** What the run of a version logged; nothing for a version without one. */
function useRecord(version: ModelVersionView | undefined): {
  readonly data: RunRecord | undefined;
  readonly error: Error | null;
  readonly isLoading: boolean;
} {
  const id = version?.run?.id;
  const { data, error, isLoading } = useQuery({ ...recordQuery(id ?? ''), enabled: id !== undefined });
  return { data, error, isLoading };
}

function VersionLink({ version: { model, version } }: { readonly version: ModelVersionView }): ReactNode {
  return (
    <Link to="/models/$model/versions/$version" params={{ model, version: String(version) }} search={{}}>
      v{version}
    </Link>
  );
}

const shownFirst = 20;

function Section({ section: { title, differences, same } }: { readonly section: DiffSection }): ReactNode {
  const [limit, more] = useLimit(differences.length, shownFirst);
  const Value = title === 'Metrics' ? MetricValue : RunValue;
  return (
    <tbody>
      <tr className="section">
        <th scope="rowgroup" colSpan={3}>
          {title}{' '}
          <span className="faint">
            {formatCount(differences.length)} of {formatCount(differences.length + same)} changed
          </span>
        </th>
      </tr>
      {differences.slice(0, limit).map(({ name, before, after }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td>
            <Value value={before} />
          </td>
          <td>
            <strong>
              <Value value={after} />
            </strong>
          </td>
        </tr>
      ))}
      {more && (
        <tr>
          <td colSpan={3}>{more}</td>
        </tr>
      )}
    </tbody>
  );
}

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AliasView, RegisteredModelView } from '../../../src/client/index.ts';
import { asErrorBody } from '../shell/error-body.ts';
import { Card, ErrorNote, useLimit } from '../shell/parts.tsx';
import { useMay } from '../shell/use-may.ts';
import { counted } from '../text/numbers.ts';
import { Ago } from '../text/times.tsx';
import { formatVersion } from './effects.tsx';
import { movesQuery } from './model-queries.ts';
import type { AliasSearch } from './models-search.ts';

interface AliasesCardProps {
  readonly model: RegisteredModelView;
  readonly search: AliasSearch;
  readonly onSearch: (change: AliasSearch) => void;
}

/** Where each alias points and since when, its history, and ways to move it. */
export function AliasesCard({ model, search, onSearch }: AliasesCardProps): ReactNode {
  const { aliasList } = model;
  const rest = Object.keys(model.aliases).length - aliasList.filter(({ version }) => version !== null).length;
  return (
    <Card title="Aliases" aside={<span className="faint">{Object.keys(model.aliases).length}</span>}>
      {aliasList.length === 0 && (
        <p className="muted">
          No alias points to a version yet. A client loads a version by an alias:{' '}
          <code>models:/{model.name}@prod</code>
        </p>
      )}
      <ul className="alias-list">
        {aliasList.map((alias) => (
          <AliasItem
            key={alias.alias}
            alias={alias}
            model={model.name}
            isOpen={search.history === alias.alias}
            onSearch={onSearch}
          />
        ))}
      </ul>
      {rest > 0 && <p className="faint">{counted(rest, 'more alias', 'more aliases')}.</p>}
    </Card>
  );
}

interface AliasItemProps {
  readonly alias: AliasView;
  readonly model: string;
  /** Whether its history is listed. */
  readonly isOpen: boolean;
  readonly onSearch: (change: AliasSearch) => void;
}

function AliasItem({
  alias: { alias, version, moved, previous },
  model,
  isOpen,
  onSearch,
}: AliasItemProps): ReactNode {
  const may = useMay('deploy');
  return (
    <li>
      <div className="alias-line">
        <span className="tag accent">@{alias}</span>
        <strong>{version === null ? 'not set' : `v${version}`}</strong>
        {moved && (
          <span className="faint">
            <Ago at={moved.at} /> by {moved.by}
            {moved.why !== '' && `: ${moved.why}`}
          </span>
        )}
      </div>
      <div className="alias-actions">
        <button
          type="button"
          className="quiet"
          aria-expanded={isOpen}
          aria-label={`History of @${alias}`}
          onClick={() => onSearch({ history: isOpen ? undefined : alias })}
        >
          History
        </button>
        {may && previous !== null && (
          <button
            type="button"
            className="quiet"
            aria-label={`Roll back @${alias}`}
            onClick={() => onSearch({ rollback: alias })}
          >
            Roll back
          </button>
        )}
        {may && version !== null && (
          <button
            type="button"
            className="quiet"
            aria-label={`Remove @${alias}`}
            onClick={() => onSearch({ remove: alias })}
          >
            Remove
          </button>
        )}
      </div>
      {isOpen && <Moves model={model} alias={alias} />}
    </li>
  );
}

const movesAtFirst = 10;

function Moves({ model, alias }: { readonly model: string; readonly alias: string }): ReactNode {
  const { data: moves, error } = useQuery(movesQuery(model, alias));
  const [limit, more] = useLimit(moves?.length ?? 0, movesAtFirst);
  if (error) return <ErrorNote error={asErrorBody(error)} />;
  if (!moves) return <output className="faint">Loading…</output>;
  if (moves.length === 0) return <p className="faint">It was set before moves were recorded.</p>;
  return (
    <>
      <ol className="moves" aria-label={`Moves of @${alias}, the latest first`}>
        {moves.slice(0, limit).map(({ from, to, by, movedAt, why }) => (
          <li key={`${movedAt} ${from} ${to}`}>
            <span>
              {to === null
                ? `Removed from ${formatVersion(from)}`
                : from === null
                  ? `Set to version ${to}`
                  : `From version ${from} to ${to}`}
            </span>{' '}
            <span className="faint">
              <Ago at={movedAt} /> by {by}
              {why !== '' && `: ${why}`}
            </span>
          </li>
        ))}
      </ol>
      {more}
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { formatCount, type RunKeysView } from '../../../src/client/index.ts';
import { runKeysQuery } from '../queries.ts';
import { SearchField } from '../shell/search-field.tsx';
import { type ColumnKind, nameOfColumn, type RunColumn } from './columns.ts';

const kinds: readonly (readonly [ColumnKind, string])[] = [
  ['metrics', 'Metrics'],
  ['params', 'Params'],
  ['tags', 'Tags'],
];
/** Keys that are listed of each kind; of more, a search finds the others. */
const listed = 100;

interface ColumnChooserProps {
  readonly experiments: readonly string[] | undefined;
  readonly columns: readonly RunColumn[];
  readonly onColumns: (columns: readonly RunColumn[]) => void;
}

/** A button that opens a list of everything that the runs logged, with a tick at each column of the table. */
export function ColumnChooser({ experiments, columns, onColumns }: ColumnChooserProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const onKeyDown = ({ key }: KeyboardEvent): void => {
    if (key !== 'Escape' || !isOpen) return;
    button.current?.focus();
    setOpen(false);
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Escape closes the list from anywhere in it
    <div className="chooser" onKeyDown={onKeyDown}>
      <button ref={button} type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        Columns <span className="faint">{columns.length}</span>
      </button>
      {isOpen && <Keys experiments={experiments} columns={columns} onColumns={onColumns} />}
    </div>
  );
}

function Keys({ experiments, columns, onColumns }: ColumnChooserProps): ReactNode {
  const [search, setSearch] = useState('');
  const { data: keys } = useQuery(runKeysQuery(experiments, search.trim()));
  const chosen = new Set(columns.map(nameOfColumn));
  const toggle = (column: RunColumn): void => {
    const name = nameOfColumn(column);
    onColumns(
      chosen.has(name) ? columns.filter((other) => nameOfColumn(other) !== name) : [...columns, column],
    );
  };
  return (
    <div className="chooser-list">
      <SearchField label="Find a column" value={search} onSearch={setSearch} />
      {keys &&
        kinds.map(([kind, title]) => (
          <KeysOfKind key={kind} kind={kind} title={title} keys={keys} chosen={chosen} onToggle={toggle} />
        ))}
    </div>
  );
}

interface KeysOfKindProps {
  readonly kind: ColumnKind;
  readonly title: string;
  readonly keys: RunKeysView;
  readonly chosen: ReadonlySet<string>;
  readonly onToggle: (column: RunColumn) => void;
}

function KeysOfKind({ kind, title, keys, chosen, onToggle }: KeysOfKindProps): ReactNode {
  const all = keys[kind];
  if (all.length === 0) return null;
  return (
    <fieldset>
      <legend>{title}</legend>
      {all.slice(0, listed).map((key) => (
        <label key={key} title={key}>
          <input
            type="checkbox"
            checked={chosen.has(nameOfColumn({ kind, key }))}
            onChange={() => onToggle({ kind, key })}
          />
          <span>{key}</span>
        </label>
      ))}
      {all.length > listed && (
        <p className="faint">{formatCount(all.length - listed)} more: find them by name.</p>
      )}
    </fieldset>
  );
}

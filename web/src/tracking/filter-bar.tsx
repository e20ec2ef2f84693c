import { type ReactNode, useState } from 'react';

interface FilterBarProps {
  /** The one in force when the field appears. */
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
}

/** The field of a filter; it is sent with Enter, so that half of one is no error. */
export function FilterBar({ filter, onFilter }: FilterBarProps): ReactNode {
  const [text, setText] = useState(filter);
  return (
    <form
      className="filter-bar"
      onSubmit={(event) => {
        event.preventDefault();
        onFilter(text.trim());
      }}
    >
      <input
        type="search"
        className="search"
        name="filter"
        value={text}
        aria-label="Filter of the runs"
        placeholder="metrics.loss < 0.5 AND (params.model = 'a' OR tags.kind = 'baseline')"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === '') onFilter('');
        }}
      />
      <button type="submit">Filter</button>
    </form>
  );
}

import type { ReactNode } from 'react';

interface SearchFieldProps {
  /** 'Find a column' */
  readonly label: string;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

/** A field that finds the entries of a list by name while the reader types. */
export function SearchField({ label, value, onSearch }: SearchFieldProps): ReactNode {
  return (
    <input
      type="search"
      className="search"
      aria-label={label}
      placeholder={label}
      value={value}
      maxLength={250}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onSearch(event.target.value)}
    />
  );
}

import { type ReactNode, useEffect, useRef, useState } from 'react';
import { SearchField } from '../shell/search-field.tsx';

interface NameSearchProps {
  readonly contains: string;
  /** @param isStep whether it is a step of its own for the button Back */
  readonly onSearch: (contains: string, isStep: boolean) => void;
}

const pauseMs = 150;

/** The field that finds models by their names as one types. */
export function NameSearch({ contains, onSearch }: NameSearchProps): ReactNode {
  const [text, setText] = useState(contains);
  const sent = useRef(contains);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // Back and forward change the address without the field.
    if (contains === sent.current) return;
    sent.current = contains;
    setText(contains);
  }, [contains]);
  useEffect(() => () => clearTimeout(waiting.current), []);
  const send = (next: string, isStep: boolean): void => {
    clearTimeout(waiting.current);
    sent.current = next;
    onSearch(next, isStep);
  };
  return (
    <form
      className="filter-bar name-search"
      onSubmit={(event) => {
        event.preventDefault();
        send(text, true);
      }}
    >
      <SearchField
        label="Find a model by its name"
        value={text}
        onSearch={(value) => {
          setText(value);
          clearTimeout(waiting.current);
          waiting.current = setTimeout(() => send(value, false), pauseMs);
        }}
      />
    </form>
  );
}

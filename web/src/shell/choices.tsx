import type { ReactNode } from 'react';

interface ChoicesProps<Value extends string> {
  /** Of the group, for screen readers. */
  readonly label: string;
  /** Of the form field. */
  readonly name: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, title: ReactNode])[];
  readonly onChoose: (value: Value) => void;
}

/** A few choices beside each other, of which one holds. */
export function Choices<Value extends string>(props: ChoicesProps<Value>): ReactNode {
  const { label, name, value, options, onChoose } = props;
  return (
    <div className="filters" role="radiogroup" aria-label={label}>
      {options.map(([each, title]) => (
        <label key={each}>
          <input
            type="radio"
            name={name}
            value={each}
            checked={value === each}
            onChange={() => onChoose(each)}
          />
          <span>{title}</span>
        </label>
      ))}
    </div>
  );
}
